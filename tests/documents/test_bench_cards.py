"""The benchmark of the cards measures what it says: the same words on the page, whichever way they came there."""

from bench import cards
from tests.documents.papers import pages


def test_all_three_ways_print_the_same_card() -> None:
    card = cards._card(3)
    for way in (cards._ours, cards._floor, cards._platypus):
        printed = " ".join(pages(way([card])))
        for words in ("Siti Nurhaliza 03", "JMB-0007-03", "50.000", "04-11-2027", "2.450.000", "dua juta rupiah"):
            assert words in printed


def test_the_answer_has_the_shape_of_every_benchmark() -> None:
    against_platypus, against_floor = cards.run(size=2, rounds=1)
    assert {"name", "what", "db", "size", "seconds", "than", "floor_seconds", "ratio", "goal", "held"} <= against_platypus.keys()
    assert (against_platypus["than"], against_floor["than"]) == ("plain platypus", "canvas floor")
    assert against_floor["ratio"] == against_floor["seconds"] / against_floor["floor_seconds"]
    assert against_platypus["ratio"] == against_platypus["floor_seconds"] / against_platypus["seconds"]
