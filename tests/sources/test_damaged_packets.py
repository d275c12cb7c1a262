"""Damaged packets: the reader raises nothing for any of them, and none of them makes the gate refuse a release."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poh_graph.building import intake
from poh_graph.bundle import Bundle
from poh_graph.records.orphanet import Packet
from poh_graph.records.problems import Problem
from poh_graph.sources.orphapacket import parse_packet, read_orphapackets
from tests.running import Run
from tests.small_release import small_packet, write_release
from tests.sources.packets import JUNK, PACKET, mutated

EVERY = 200
"""Of the real releases each so many-th packet is taken, beside those of the oldest formats."""


@pytest.fixture(scope="module")
def real(releases: Path) -> list[dict[str, Any]]:
    """Real packets of all ages and shapes, as documents."""
    raw = [path.read_bytes() for path in sorted((releases / "orphapacket_2762_history").glob("*.json"))]
    for release in ("orphapacket-2024-12.zip", "orphapacket-2025-07.zip"):
        with zipfile.ZipFile(releases / release) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".json"))
            raw += [archive.read(name) for name in names[::EVERY]]
    return [orjson.loads(content) for content in raw]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.lists(JUNK, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_mutated_real_packet_never_raises(
    real: list[dict[str, Any]], data: st.DataObject, junk: list[Any], choice: random.Random
) -> None:
    """Whatever stands in whatever place of a real packet, the reader gives records and problems."""
    document = data.draw(st.sampled_from(real))
    for value in junk:
        document = mutated(document, value, choice)
    raw = orjson.dumps(document)
    for place in ("x.json", "x.yaml"):
        assert parse_packet(raw, place)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.integers(min_value=0), st.binary(max_size=4))
def test_bytes_that_were_lost_or_changed_never_raise(
    real: list[dict[str, Any]], data: st.DataObject, at: int, between: bytes
) -> None:
    """A file that was cut off, or has other bytes in its middle."""
    raw = orjson.dumps(data.draw(st.sampled_from(real)))
    place = at % len(raw)
    for damaged in (raw[:place], raw[:place] + between + raw[place + len(between) :]):
        for name in ("x.json", "x.yaml"):
            assert parse_packet(damaged, name)


VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", " ", "no data", "Unknown", "a b\tc\n", '<>"{}|\\^`', "000123", "٣٣٣٣٣٣", "x" * 5000,
    "0.0", "0123456[PMID]_http://x_0[PMID]_NBK0", "10.1000/a b[OTHER]_ftp://a b.org", [], {}, [[]], [None],
)  # fmt: skip
"""What may stand in a packet by mistake."""


def damaged(value: Any) -> Iterator[Any]:
    """The value with each place inside it in turn replaced by each of the wrong values, left out, or doubled."""
    yield from VALUES
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {other: value[other] for other in value if other != key}
            for wrong in damaged(inner):
                yield value | {key: wrong}
    elif isinstance(value, list):
        yield [*value, *value]
        for index, inner in enumerate(value):
            for wrong in damaged(inner):
                yield [*value[:index], wrong, *value[index + 1 :]]


def test_no_damaged_value_makes_the_gate_refuse(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of packets that are each damaged in one place is built: what is wrong is counted, the rest is right."""
    monkeypatch.setattr(intake, "MOST_LOST", 1)
    fields = [
        {field: wrong}
        for field, value in PACKET.items()
        if field not in ("ORPHAcode", "ORPHApacketId", "PURL")
        for wrong in damaged(value)
    ]
    codes = range(1_000_000, 1_000_000 + len(fields))
    packets = [small_packet(code, **field) for code, field in zip(codes, fields, strict=True)]
    raw = {code: orjson.dumps(body) for code, body in zip(codes, packets, strict=True)}
    release = write_release(tmp_path / "release.zip", codes, replaced=raw)
    result = run("build", "release.zip")
    assert result.exit_code == 0, result.stderr
    found = list(read_orphapackets(release))
    lost = [record for record in found if isinstance(record, Problem) and record.kind == "not a packet"]
    assert sum(isinstance(record, Packet) for record in found) == len(fields) - len(lost)
    assert "unexpected shape" in Bundle(tmp_path / "bundle").read_manifest()["problems"]


def test_what_a_packet_says_against_itself_does_not_stop_a_build(run: Run, tmp_path: Path) -> None:
    """Two relations to one entry are both kept and told in the report; a relation in other words is the same one."""
    exact = PACKET["ExternalReferences"][0]
    narrow = exact | {"DisorderMappingRelation": "BTNT (ORPHAcode is broader than the targeted code)"}
    older = exact | {"DisorderMappingRelation": "E (exact mapping (the terms and the concepts are equivalent))"}
    packets = {
        code: orjson.dumps(small_packet(code, ExternalReferences=[exact, other]))
        for code, other in ((101, narrow), (102, older))
    }
    write_release(tmp_path / "release.zip", list(packets), replaced=packets)
    result = run("build", "release.zip")
    assert result.exit_code == 0, result.stderr
    report = (tmp_path / "bundle" / "report.txt").read_text(encoding="utf-8")
    assert "Warning: check/two-relations-in-one-mapping-set (1)" in report
    assert Bundle(tmp_path / "bundle").read_manifest()["problems"]["repeated row"]["count"] == 1
