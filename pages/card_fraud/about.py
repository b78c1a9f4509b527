"""What this demo is, as data: its line on the menu, what to try, what kind of network it is."""

from pages.card_fraud.payment import BY, UNLABELLED
from pages.parts.sections.demo import Demo, Experiment

ABOUT = Demo(
    name="card_fraud",
    title="Card fraud",
    icon=":material/credit_card:",
    blurb=(
        "Networks judge a card payment by what its card and its terminal did before; change any "
        "of it, and set the alarm by what a miss and a false alarm cost you."
    ),
    models=("card_fraud",),
    picture="fraud.png",
    picture_alt="Four payments, the last of them with an alarm",
    experiments=(
        Experiment(
            "A secret of seven days.",
            "The pump was taken over yesterday. Tick *Fraud* in a row at *pump 4* of ten days ago, "
            "then in one of three days ago instead: which of both does the network see?",
            {"sample": "Taken over yesterday", "part": "Why"},
            "Watch the probability above while you tick *Fraud* in one row and then in another.",
            at="top",
        ),
        Experiment(
            "Without labels.",
            "A network that nobody told which were frauds judges the same. Which kind of fraud can "
            "it not see at all, and why?",
            {"sample": "A terminal with a past", "part": "Trust", BY: UNLABELLED},
            "Compare how much of each kind of fraud this network catches, and find those that "
            "it hardly ever does.",
        ),
        Experiment(
            "What does a fraud cost?",
            "A missed fraud costs 20 times a false alarm here. Let it cost as much: where is the "
            "dial cheapest, and which frauds are left?",
            {"sample": "As ever", "part": "Trust", "card_fraud_missed_cost": 5.0},
            "Move the cost of a missed fraud and watch where the dial is cheapest, and "
            "how many frauds then pass.",
            at="card_fraud_dial",
        ),
    ),
    kind=(
        "Two kinds beside each other. **Feed-forward networks** learned from a week of "
        "transactions that were marked as fraud or not; three of them, begun differently, are "
        "averaged. An **autoencoder** squeezes what concerns amounts through a few numbers and "
        "writes it out again; it saw no mark, so it can say what is unusual, and not what is a "
        "fraud. Neither sees a list of transactions: features, made by rule, look back for them."
    ),
    code="""\
from models import catalog
from models.decode import tables
from models.card_fraud import predict, reading
model = catalog.load("card_fraud")
given = reading.read(tables.read(open("glassbox-transactions.csv", "rb").read()))
found, run = predict(model, given.transactions)
print(found.probability.round(3))
""",
    where="in a copy of Glassbox, with the template from this page",
)
