"""Two languages: pages by the button that was pressed, programs by what they ask for."""

import pytest

from tests.web.conftest import sign_in, token_in


def choose(client, language, **words):
    return client.post("/language", data={"csrf_token": token_in(client.get("/sign-in")), "language": language, **words})


def test_pages_are_indonesian_until_somebody_chooses(client):
    page = client.get("/sign-in", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    assert '<html lang="id">' in page
    assert "Kata sandi" in page


def test_the_button_changes_the_language_and_leads_back(client):
    answer = choose(client, "en", next="/sign-in?next=/loans")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/loans")
    page = client.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Password" in page
    choose(client, "id")
    assert '<html lang="id">' in client.get("/sign-in").text


def test_refusals_speak_the_chosen_language_too(client):
    choose(client, "en")
    assert "The user name or the password is wrong" in sign_in(client, "head", "wrong-for-sure").text
    assert "Not here." in client.get("/tidak-ada").text


@pytest.mark.parametrize("language", ["fr", "", "../en", "EN"])
def test_a_language_we_do_not_speak_changes_nothing(client, language):
    assert choose(client, language).status_code == 303
    assert '<html lang="id">' in client.get("/sign-in").text


@pytest.mark.parametrize("place", ["//jahat.example", "https://jahat.example", "/\\jahat.example"])
def test_the_button_leads_nowhere_else(client, place):
    assert choose(client, "en", next=place).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("asked", "said"), [("id", "Belum masuk."), ("en", "Not signed in."), ("en-GB,en;q=0.8", "Not signed in."), ("fr", "Belum masuk.")]
)
def test_programs_are_answered_in_the_language_they_ask_for(client, asked, said):
    answer = client.get("/api/v1/me", headers={"Accept-Language": asked})
    assert answer.status_code == 401
    assert answer.json["title"] == said
