"""The texts that visitors may start with, all written for Glassbox, and what a word costs."""

SAMPLES: dict[str, str] = {
    "A film": "I saw this film with my sister last night, and we both thought that the ending was ",
    "A letter": "Dear Anna, thank you for the book. I will bring it back as soon as I ",
    "A question": "Can you tell me where the train to the airport ",
    "An odd dinner": "After dinner the violinist ate a purple keyboard, and then he went to ",
    "Not its language": "Das Wetter ist heute schön, said my aunt from Kraków, and nobody ",
    "A play": "KING: Good morrow, my old friend. What news do you bring me of ",
}
FIRST = next(iter(SAMPLES))


def words_of(text: str) -> int:
    """How many words stand between white space."""
    return len(text.split())
