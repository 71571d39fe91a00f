"""How files are read can be typed, saved and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.errors import UserError
from sfa.exchange.profile import ImportPlan, load_profile, profile_path, save_profile

words = st.text(min_size=1, max_size=10)
pairs = st.dictionaries(words, words, max_size=3)
plans = st.builds(
    ImportPlan,
    columns=pairs,
    values=st.dictionaries(words, st.dictionaries(words, words, min_size=1, max_size=2), max_size=2),
    constants=pairs,
    unresolved=st.dictionaries(words | st.just(""), st.sampled_from(["reject", "empty", "create"]), max_size=2),
    match=st.just("external_id"),
    mode=st.sampled_from(["", "insert", "update", "upsert"]),
    delimiter=st.sampled_from(["", ";", "\t"]),
)


@given(plans, plans)
def test_a_saved_profile_reads_back(
    tmp_path_factory: pytest.TempPathFactory, contacts: ImportPlan, deals: ImportPlan
) -> None:
    path = tmp_path_factory.getbasetemp() / "profile.toml"
    saved = {"contact": contacts, "opportunity": deals}
    assert save_profile(str(path), saved) == path
    assert load_profile(str(path)) == saved


def test_a_name_means_a_file_among_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfa.exchange.profile.folder", lambda purpose: str(tmp_path / purpose))
    assert profile_path("erp") == tmp_path / "config" / "imports" / "erp.toml"
    save_profile("erp", {"contact": ImportPlan(match="emails")})
    assert load_profile("erp") == {"contact": ImportPlan(match="emails")}


def test_options_as_typed() -> None:
    plan = ImportPlan.of_options(
        columns=["Umsatz=Ziel=amount", "Notes="],
        values=["product:GTXPro=GTX Pro", "product:A:1=B"],
        constants=["currency=EUR"],
        unresolved=["account=create", "empty"],
        match="name",
    )
    assert plan.columns == {"Umsatz=Ziel": "amount", "Notes": ""}
    assert plan.values == {"product": {"GTXPro": "GTX Pro", "A:1": "B"}}
    assert (plan.constants, plan.unresolved) == ({"currency": "EUR"}, {"account": "create", "": "empty"})


def test_what_is_typed_stands_over_what_is_saved() -> None:
    saved = ImportPlan({"a": "title"}, {"product": {"x": "y"}}, match="name", mode="insert")
    typed = ImportPlan({"b": "owner"}, {"product": {"z": "y"}}, mode="upsert")
    assert typed.over(saved) == ImportPlan(
        {"a": "title", "b": "owner"}, {"product": {"x": "y", "z": "y"}}, match="name", mode="upsert"
    )


@pytest.mark.parametrize(
    "options",
    [{"columns": ["Header"]}, {"values": ["product=GTX"]}, {"unresolved": ["account=maybe"]}, {"mode": "delete"}],
)
def test_options_without_sense_are_refused(options: dict[str, list[str]]) -> None:
    with pytest.raises(UserError):
        ImportPlan.of_options(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content", ["not toml", "[contact]\nmatch = 3", "[contact.columns]\na = 1", "[nix]", "contact = 1"]
)
def test_a_profile_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(UserError):
        load_profile(str(path))
    with pytest.raises(UserError, match="no import profile"):
        load_profile(str(tmp_path / "none.toml"))
