"""Every figure that a card may hold, once: what it is called, what it means, how it is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """title: in plain words; form: of its value, a share unless it says otherwise."""

    title: str
    meaning: str
    form: str = "{:.1%}"

    def written(self, value: float) -> str:
        """A value as pages show it."""
        return self.form.format(value)


AREA, NATS, TIMES = "{:.3f}", "{:.3f}", "{:.2f}"
METRICS: dict[str, Kind] = {
    "accuracy": Kind(
        "right",
        "share of inputs whose first answer is the labelled class",
    ),
    "top1": Kind(
        "first answer right",
        "share of inputs whose first answer is the labelled class",
    ),
    "top5": Kind(
        "among the first five",
        "share of inputs whose labelled class is among the first five answers",
    ),
    "top1_agreement": Kind(
        "int8 says the same as fp32",
        "share of inputs on which the quantised graph's first answer is the fp32 one",
    ),
    "ece": Kind(
        "calibration error",
        "expected calibration error: mean gap between confidence and accuracy over 15 equal "
        "bins (Guo et al. 2017), lower is better",
    ),
    "ood_auroc": Kind(
        "tells its own kind from this",
        "chance that an input of the model's own kind scores higher on 'I know this' than a "
        "foreign one; 0.5 is guessing",
        AREA,
    ),
    "known_share": Kind(
        "says that it knows",
        "share of inputs that the model says it knows",
    ),
    "deletion_auc": Kind(
        "answer while important pixels go",
        "mean area under the explained class's probability while a map's hottest pixels are "
        "taken away first, in 28 steps (Petsiuk et al. 2018), lower is better",
        AREA,
    ),
    "insertion_auc": Kind(
        "answer while they come",
        "the same while they are brought into a strong blur first, higher is better",
        AREA,
    ),
    "word_perplexity": Kind(
        "as unsure as among so many words",
        "exp(all nats / words between white space) of texts that the model never saw; the end "
        "of a text is not counted, lower is better",
        "{:,.1f}",
    ),
    "nats_per_byte": Kind(
        "nats a byte",
        "all nats over the bytes of those texts in UTF-8, lower is better",
        NATS,
    ),
    "nats_per_character": Kind(
        "nats a character",
        "all nats over the characters of a text that the model never saw, lower is better",
        NATS,
    ),
    "top1_recall": Kind(
        "next word is the first suggestion",
        "share of words (runs of letters and apostrophes) that are the first of the "
        "suggestions before a letter is typed; one that cannot be suggested is a miss",
    ),
    "top3_recall": Kind(
        "next word is among three suggestions",
        "share of words (runs of letters and apostrophes) that are among the three "
        "suggestions before a letter is typed; one that cannot be suggested is a miss",
    ),
    "top3_recall_after_1": Kind(
        "the same after one letter",
        "the same after one typed letter, over words of two letters or more",
    ),
    "top3_recall_after_2": Kind(
        "the same after two letters",
        "the same after two typed letters, over words of three letters or more",
    ),
    "keystroke_savings": Kind(
        "keys saved",
        "share of keys (a word's letters and a space) spared by taking a word with one key as "
        "soon as it is among the three suggestions",
    ),
    "memorised_share": Kind(
        "eight words in a row learned by heart",
        "share of eight-word sequences in the model's continuations, blind to case, that "
        "stand in its training texts",
    ),
    "refused_share": Kind(
        "says that it does not know",
        "share of inputs that the model says it does not know",
    ),
    "found_share": Kind(
        "faces found",
        "share of pictures of a face in which a face is found",
    ),
    "false_found_share": Kind(
        "faces seen where none is",
        "share of pictures without a face in which one is found",
    ),
    "auroc": Kind(
        "tells the two kinds apart",
        "chance that one of the kind that is looked for (a pair of one person, an attack, a "
        "fraud, a fault) scores higher than one of the other kind; 0.5 is guessing",
        AREA,
    ),
    "average_precision": Kind(
        "precision over all thresholds",
        "area under precision by recall over all thresholds, in steps; guessing has the share "
        "of what is looked for",
        AREA,
    ),
    "f1": Kind(
        "F1, of precision and recall",
        "harmonic mean of precision and recall of what is looked for, at the released threshold",
    ),
    "recall": Kind(
        "caught",
        "share of what is looked for that raises an alarm at the released threshold",
    ),
    "false_alarm_rate": Kind(
        "false alarms",
        "share of the normal that raises an alarm at the released threshold, lower is better",
    ),
    "missed_alarm_rate": Kind(
        "missed alarms",
        "share of what is looked for that raises no alarm at the released threshold, lower is "
        "better",
    ),
    "card_precision_100": Kind(
        "right among 100 cards a day",
        "share of frauds' cards among the 100 cards of the highest score on each day, those "
        "found on a day before left out (Le Borgne et al. 2022), mean of the days",
    ),
    "eer": Kind(
        "equal error rate",
        "equal error rate: share of wrong answers about pairs at the threshold where as many "
        "pairs of one person are refused as pairs of two are taken for one, lower is better",
    ),
    "tar_at_far_1e-2": Kind(
        "one person accepted, at 1 in 100 false",
        "share of pairs of one person that are accepted when 1 in 100 pairs of two people is",
    ),
    "tar_at_far_1e-3": Kind(
        "one person accepted, at 1 in 1,000 false",
        "share of pairs of one person that are accepted when 1 in 1,000 pairs of two people is",
    ),
    "identification_error": Kind(
        "given to the wrong person",
        "share of pictures given to the wrong one of the enrolled people, each enrolled with "
        "five pictures",
    ),
    "named_share": Kind(
        "enrolled people named rightly",
        "share of pictures of enrolled people that get the right name, where strangers are to "
        "be told apart too",
    ),
    "frechet_distance_own_features": Kind(
        "Frechet distance (own features)",
        "Frechet distance between Gaussians that fit real and made pictures, in the features "
        "of another of our own networks, which the card names; not comparable with an FID, "
        "lower is better",
        TIMES,
    ),
    "generator_precision": Kind(
        "precision",
        "share of made pictures that lie, in those features, within the reach of a real one: "
        "the distance to its third nearest (Kynkaanniemi et al. 2019)",
    ),
    "generator_recall": Kind(
        "recall",
        "share of real pictures that lie within the reach of a made one",
    ),
    "gan_test_accuracy": Kind(
        "named as was asked (GAN test)",
        "share of made pictures that a classifier which learned from real ones names as the "
        "class that was asked for (Shmelkov et al. 2018)",
    ),
    "gan_train_accuracy": Kind(
        "learned from made ones alone (GAN train)",
        "share of real pictures that a classifier which learned from made ones alone names "
        "rightly (Shmelkov et al. 2018)",
    ),
    "modes_covered": Kind(
        "kinds of pictures that are made",
        "share of 100 kinds of real pictures, clusters of those features, that are made at "
        "least a quarter as often as they are real",
    ),
    "memorisation_ratio": Kind(
        "how far from training pictures",
        "median distance of made pictures to the nearest that trained the network, over that "
        "of real ones which did not; near 0 they are copies",
        TIMES,
    ),
    "real_or_made_accuracy": Kind(
        "real and made told apart",
        "share of pictures, half real and half made, that the discriminator tells apart",
    ),
    "false_name_share": Kind(
        "strangers given a name",
        "share of pictures of people who are not enrolled that get a name",
    ),
    "word_error_rate": Kind(
        "words wrong",
        "words that are wrong, missing or added, over the words that were said; no capitals, no "
        "punctuation, numbers in digits; lower is better",
    ),
    "false_words_share": Kind(
        "words written where nobody speaks",
        "share of sounds without speech of which words are written, lower is better",
    ),
    "survival_share": Kind(
        "words that survive on what they attended to",
        "share of words that stay likelier than not when all of the sound is silenced but what "
        "they attended to",
    ),
}
