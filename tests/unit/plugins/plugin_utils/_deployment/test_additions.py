# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.additions import Additions, Jar, additions
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.files import File
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    NO_RELEASE,
    RELEASE,
    Jars,
    Values,
    case,
)

HOME = "/opt/flink/flink-2.3.0"
PLUGIN = "plugins/flink-s3-fs-hadoop/flink-s3-fs-hadoop-2.3.0.jar"
BY_URL: Values = {"src": "https://example.org/a.jar", "checksum": "sha512:aa"}
LOCAL: Values = {"src": "/srv/udf.jar"}
JARS: Jars = {"/srv/udf.jar": {"sha512": "bb", "sha256": "cc", "md5": "dd"}}


def added(given: Values, former: list[str] | None = None, jars: Jars | None = None) -> Additions:
    """What is added to a release that has these lines already."""
    found = case(given, {"release": {**RELEASE, "extra_files": former or []}}, jars=jars)
    return additions(found.wanted, found.host, found.controller)


def lines(text: str) -> File:
    return File(path=f"{HOME}/.extra-files", mode="0644", content=text)


def test_nothing() -> None:
    names = ("flink-s3-fs-hadoop", "flink-sql-gateway")
    assert added({}) == Additions((), (), (), (), (lines(""),), (), names)


def test_a_plugin_comes_from_the_release() -> None:
    found = added({"flink_plugins": ["flink-s3-fs-hadoop"]})
    assert found.lines == (PLUGIN,)
    assert found.directories == (File(path=f"{HOME}/plugins/flink-s3-fs-hadoop", state="directory", mode="0755"),)
    jar = File(path=f"{HOME}/{PLUGIN}", source=f"{HOME}/opt/flink-s3-fs-hadoop-2.3.0.jar", mode="0644")
    assert found.files == (jar, lines(f"{PLUGIN}\n"))
    assert found.missing_plugins == ()


def test_a_plugin_may_have_a_version_of_its_own() -> None:
    release = {**RELEASE, "opt": ["flink-cep-scala_2.12-1.0.jar", "flink-cep-3.1-19.0.jar"]}
    found = case({"flink_plugins": ["flink-cep"]}, {"release": release})
    assert additions(found.wanted, found.host, found.controller).lines == ("plugins/flink-cep/flink-cep-3.1-19.0.jar",)


def test_of_a_release_that_is_not_there_the_names_are_guessed() -> None:
    found = case({"flink_plugins": ["flink-s3-fs-hadoop"]}, {"release": NO_RELEASE})
    assert additions(found.wanted, found.host, found.controller).lines == (PLUGIN,)


def test_jars() -> None:
    found = added({"flink_jars": [LOCAL, {**BY_URL, "dest": "plugins/own"}]}, jars=JARS)
    assert found.lines == ("lib/udf.jar sha512:bb", "plugins/own/a.jar sha512:aa")
    assert found.downloads == (Jar(BY_URL["src"], f"{HOME}/plugins/own/a.jar", "sha512:aa"),)
    assert found.copies == (Jar(LOCAL["src"], f"{HOME}/lib/udf.jar", "sha512:bb"),)
    assert [file.path for file in found.directories] == [f"{HOME}/lib", f"{HOME}/plugins/own"]
    assert found.files == (lines("lib/udf.jar sha512:bb\nplugins/own/a.jar sha512:aa\n"),)


def test_a_jar_that_is_there_is_not_fetched_again() -> None:
    given = {"flink_jars": [BY_URL, LOCAL]}
    found = added(given, ["lib/a.jar sha512:aa", "lib/udf.jar sha512:00"], JARS)
    assert [jar.dest for jar in (*found.downloads, *found.copies)] == [f"{HOME}/lib/udf.jar"]


def test_a_query_is_no_part_of_the_name() -> None:
    found = added({"flink_jars": [{**BY_URL, "src": "https://example.org/a.jar?token=x/y#z"}]})
    assert found.lines == ("lib/a.jar sha512:aa",)
    assert [jar.src for jar in found.downloads] == ["https://example.org/a.jar?token=x/y#z"]


def test_a_name_with_blanks_goes_as_a_whole() -> None:
    blanks = {"src": "/srv/my own udf.jar"}
    line = "lib/my own udf.jar sha512:bb"
    assert added({"flink_jars": [blanks]}, jars={"/srv/my own udf.jar": {"sha512": "bb"}}).lines == (line,)
    assert added({}, [line]).files == (File(path=f"{HOME}/lib/my own udf.jar", state="absent"), lines(""))


def test_what_is_no_longer_wanted_goes() -> None:
    found = added({"flink_jars": [BY_URL]}, ["lib/a.jar sha512:aa", "lib/old.jar sha512:cc", PLUGIN, ""])
    assert found.files == (
        File(path=f"{HOME}/lib/old.jar", state="absent"),
        File(path=f"{HOME}/{PLUGIN}", state="absent"),
        lines("lib/a.jar sha512:aa\n"),
    )


def test_whether_something_is_added() -> None:
    jar = {"flink_jars": [BY_URL]}
    for former, adds in (([], True), (["lib/a.jar sha512:aa"], False), (["lib/a.jar sha512:bb"], True)):
        decided = case(jar, {"release": {**RELEASE, "extra_files": former}}).decide().installation
        assert (decided.adds_files, decided.missing) == (adds, ("plugins and jars",) * adds)


NO_PLUGIN = (
    f"flink_plugins: expected jars of {HOME}/opt (flink-s3-fs-hadoop, flink-sql-gateway), got flink-a, "
    "flink-b. Correct the name, or add the jar by flink_jars."
)

UNKNOWN = "flink_jars: {} has a checksum that cannot be compared. Give it as sha512: and hexadecimal digits."

# Variables, the checksums of files on the controller, and the sentences.
REFUSED: dict[str, tuple[Values, Jars, tuple[str, ...]]] = {
    "a jar that is not there": (
        {"flink_jars": [LOCAL, {"src": "/srv/more.jar"}]},
        {"/srv/udf.jar": None, "/srv/more.jar": None},
        (
            (
                "flink_jars: expected URLs or files on the controller, got /srv/udf.jar, /srv/more.jar. Give a file "
                "there, or a URL."
            ),
        ),
    ),
    "a jar of another content": (
        {"flink_jars": [{**LOCAL, "checksum": "sha512:cc"}]},
        JARS,
        (
            (
                "flink_jars: expected the checksum that is given, got another for /srv/udf.jar. Get the "
                "right file, or correct the checksum."
            ),
        ),
    ),
    "jars of another content by checksums of other kinds": (
        {"flink_jars": [{**LOCAL, "checksum": "sha256:bb"}, {**LOCAL, "dest": "opt", "checksum": "md5:cc"}]},
        JARS,
        (
            (
                "flink_jars: expected the checksum that is given, got another for /srv/udf.jar, /srv/udf.jar. Get the "
                "right file, or correct the checksum."
            ),
        ),
    ),
    **{
        f"a checksum {kind}": (
            {"flink_jars": [{**jar, "checksum": given}]},
            JARS,
            (UNKNOWN.format(jar["src"]),),
        )
        for kind, jar, given in (
            ("of no known kind", LOCAL, "crc32:00"),
            ("of no known kind for a URL", BY_URL, "crc32:00"),
            ("without a length", LOCAL, "shake_128:00"),
            ("without a kind", LOCAL, "bb"),
            ("without digits", LOCAL, "sha512:"),
            ("with other digits", LOCAL, "sha512:xyz"),
            ("elsewhere for a file", LOCAL, "sha512:https://example.org/sums"),
            ("that comes without encryption", BY_URL, "sha512:http://example.org/sums"),
        )
    },
    "a URL without a checksum": (
        {"flink_jars": [{"src": "https://example.org/b.jar"}, BY_URL]},
        {},
        (
            (
                "flink_jars: expected a checksum for each URL, got none for https://example.org/b.jar. Give it as "
                "sha512: and hexadecimal digits."
            ),
        ),
    ),
    "jars by names that Flink passes over": (
        {"flink_jars": [{**BY_URL, "src": f"https://example.org/{path}"} for path in ("get?file=b.jar", "c.zip")]},
        {},
        (
            (
                "flink_jars: expected names that end with .jar, as Flink reads no others, got "
                "https://example.org/get?file=b.jar, https://example.org/c.zip. Give a src whose path ends with the "
                "name of the jar."
            ),
        ),
    ),
    "plugins that the release does not have": (
        {"flink_plugins": ["flink-a", "flink-s3-fs-hadoop", "flink-b"]},
        {},
        (NO_PLUGIN,),
    ),
}

# Variables and the checksums of files on the controller, where nothing stands against it.
ACCEPTED: dict[str, tuple[Values, Jars]] = {
    "a jar on the controller": ({"flink_jars": [LOCAL]}, JARS),
    "a jar of the content that is given": ({"flink_jars": [{**LOCAL, "checksum": "sha512:bb"}]}, JARS),
    "checksums of other kinds": (
        {"flink_jars": [{**LOCAL, "checksum": "sha256:CC"}, {**LOCAL, "dest": "opt", "checksum": "md5:dd"}]},
        JARS,
    ),
    "a URL of checksums": ({"flink_jars": [{**BY_URL, "checksum": "sha256:https://example.org/sums"}]}, {}),
    "a URL with a checksum": ({"flink_jars": [{**BY_URL, "checksum": "md5:00"}]}, {}),
    "a plugin of the release": ({"flink_plugins": ["flink-s3-fs-hadoop"]}, {}),
}


@pytest.mark.parametrize(("given", "jars", "sentences"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, jars: Jars, sentences: tuple[str, ...]) -> None:
    assert case(given, jars=jars).decide().objections == sentences


@pytest.mark.parametrize(("given", "jars"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: Values, jars: Jars) -> None:
    assert case(given, jars=jars).decide().objections == ()


def test_of_a_release_that_is_not_there_nobody_knows_the_plugins() -> None:
    given = {"flink_plugins": ["flink-a"], "flink_archive_checksum": f"sha512:{'a' * 128}"}
    assert case(given, {"release": NO_RELEASE}).decide().objections == ()


def test_once_it_is_there_the_installation_tells() -> None:
    decided = case({"flink_plugins": ["flink-a", "flink-b"]}).decide()
    assert decided.installation.plugin_objection == NO_PLUGIN
    assert case().decide().installation.plugin_objection is None


HOME = "/opt/flink/flink-2.3.0"
THEIRS = "plugins/flink-s3-fs-hadoop/flink-s3-fs-hadoop-2.3.0.jar"
SHARED: Values = {
    "installed_releases": {HOME: ["/etc/flink/", "/etc/other"]},
    "release": {**RELEASE, "extra_files": [f"lib/b.jar sha512:{'b' * 128}", THEIRS]},
}
ALONE: Values = {**SHARED, "installed_releases": {HOME: ["/etc/flink/"], "/opt/flink/x": ["/etc/other"]}}
OTHER_JAR: Values = {"flink_jars": [{**BY_URL, "src": "https://example.org/b.jar", "checksum": "sha512:cc"}]}
REMEDY = (
    "Set flink_home to a directory of this cluster alone; or, if the other is gone, remove its note in "
    f"{HOME}/.clusters."
)


def test_what_another_cluster_may_use_stays() -> None:
    decided = case({}, SHARED).decide()
    assert "plugins and jars" not in decided.installation.missing
    assert [file.path for file in decided.installation.extra_files if file.state == "absent"] == []
    assert decided.advice[-1] == (
        f"lib/b.jar, {THEIRS} stays in {HOME}: the cluster of /etc/other uses that release too. If neither needs it, "
        f"remove it and its line in {HOME}/.extra-files yourself."
    )
    assert case({}, SHARED).environments() == case().environments()


def test_what_is_added_is_recorded_beside_it() -> None:
    added = case({"flink_plugins": ["flink-sql-gateway"]}, SHARED).decide().installation.extra_files[-1]
    assert str(added.content).splitlines() == sorted(
        [*SHARED["release"]["extra_files"], "plugins/flink-sql-gateway/flink-sql-gateway-2.3.0.jar"]
    )


def test_what_this_cluster_alone_has_added_goes() -> None:
    decided = case({}, ALONE).decide()
    absent = [file.path for file in decided.installation.extra_files if file.state == "absent"]
    assert (absent, decided.advice) == ([f"{HOME}/lib/b.jar", f"{HOME}/{THEIRS}"], ())


# Variables, what is different on the host, and the objections.
OF_OTHERS: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "another archive": (
        {"flink_archive_checksum": f"sha512:{'c' * 128}"},
        SHARED,
        (
            (
                f"flink_archive_checksum: expected that of {HOME}, which the cluster of /etc/other uses too, got "
                f"another, with which it would be replaced. {REMEDY}"
            ),
        ),
    ),
    "another jar in its place": (
        OTHER_JAR,
        SHARED,
        (
            (
                "flink_jars: expected the content that the cluster of /etc/other may use too, got another for "
                f"lib/b.jar in {HOME}. {REMEDY}"
            ),
        ),
    ),
    "another archive of this cluster alone": ({"flink_archive_checksum": f"sha512:{'c' * 128}"}, ALONE, ()),
    "another jar of this cluster alone": (OTHER_JAR, ALONE, ()),
}


@pytest.mark.parametrize(("given", "different", "sentences"), OF_OTHERS.values(), ids=OF_OTHERS)
def test_a_release_of_two_clusters(given: Values, different: Values, sentences: tuple[str, ...]) -> None:
    assert case(given, different).decide().objections == sentences


OWN: Values = {"flink_jars": [{**BY_URL, "src": "https://example.org/flink-dist-2.3.0.jar"}]}
IN_LIB: Values = {"files": {f"{HOME}/lib": ["flink-dist-2.3.0.jar", "log4j-api.jar"]}}
NOT_YET = (
    f"flink_jars: expected jars that are not in {HOME} yet, got lib/flink-dist-2.3.0.jar, which this role has not put "
    "there. Leave it out if it is the release's own; if you have put it there, remove it first."
)


def recorded(*lines: str) -> Values:
    return {**IN_LIB, "release": {**RELEASE, "extra_files": list(lines)}}


# What is different on the host, and the objections to a jar of that name.
OF_RELEASE: dict[str, tuple[Values, tuple[str, ...]]] = {
    "a jar that the release has": (IN_LIB, (NOT_YET,)),
    "a jar that the role has added": (recorded("lib/flink-dist-2.3.0.jar sha512:aa"), ()),
    "a jar that the role has added with other content": (recorded("lib/flink-dist-2.3.0.jar sha512:bb"), ()),
    "a jar that an interrupted run has added": (recorded("lib/flink-dist-2.3.0.jar begun:"), ()),
    "a jar in another place": ({"files": {f"{HOME}/opt": ["flink-dist-2.3.0.jar"]}}, ()),
}


@pytest.mark.parametrize(("different", "sentences"), OF_RELEASE.values(), ids=OF_RELEASE)
def test_a_jar_of_the_release_itself(different: Values, sentences: tuple[str, ...]) -> None:
    decided = case(OWN, different).decide()
    assert decided.objections == sentences
    assert decided.installation.jar_objection == (sentences[0] if sentences else None)


def test_a_run_that_is_interrupted_while_it_copies_leaves_word_of_it() -> None:
    installation = case(OWN, recorded("lib/b.jar sha512:bb")).decide().installation
    (begun,) = (file for file in installation.extra_directories if file.content)
    assert begun.content == "lib/b.jar sha512:bb\nlib/flink-dist-2.3.0.jar begun:\n"
    left = case({}, recorded(*str(begun.content).splitlines())).decide().installation
    assert [file.path for file in left.extra_files if file.state == "absent"] == [
        f"{HOME}/lib/b.jar",
        f"{HOME}/lib/flink-dist-2.3.0.jar",
    ]
    again = case(OWN, recorded(*str(begun.content).splitlines())).decide().installation
    assert [jar.dest for jar in again.downloads] == [f"{HOME}/lib/flink-dist-2.3.0.jar"]
