//! What each mistake says, and where its caret stands.

use std::path::PathBuf;

use super::*;
use crate::constitution::{Claim, OptionValue, Plane, State};
use crate::finding::{Level, OptionKind, RuleOption};

static ENGINE: RuleMeta = RuleMeta {
    id: "hardcoded-engine",
    trigger: Some(2),
    clause: "VIII.2",
    summary: "a database engine fixed in a runtime structure",
    level: Level::Breach,
    page: "",
    options: &[
        RuleOption {
            key: "tests",
            kind: OptionKind::Word(&["note", "warning", "risk", "breach"]),
            summary: "the level in tests",
        },
        RuleOption {
            key: "hosts",
            kind: OptionKind::Words,
            summary: "hosts that are lawful",
        },
        RuleOption {
            key: "strict",
            kind: OptionKind::Flag,
            summary: "whether to be strict",
        },
    ],
};

static RULES: &[&RuleMeta] = &[&ENGINE];

fn draft(text: &str) -> Draft {
    let mut sources = Sources::new(PathBuf::from("/w"));
    let file = sources.add(Path::new("/w/constitution.toml"));
    let text = Text::new(text.to_owned());
    Draft::parse(&text, file, "constitution.toml", RULES)
}

#[track_caller]
fn law(text: &str) -> Constitution {
    let draft = draft(text);
    assert_eq!(lines(draft.mistakes), Vec::<String>::new());
    draft.law
}

fn lines(mut mistakes: Vec<Mistake>) -> Vec<String> {
    mistakes.sort_by_key(|mistake| mistake.place);
    let line = |mistake: Mistake| {
        let place = mistake.place.expect("a place");
        let (message, label) = (mistake.message, mistake.label);
        format!("{} {message} ({label})", place.span.start)
    };
    mistakes.into_iter().map(line).collect()
}

#[track_caller]
fn mistaken(text: &str, expected: &[&str]) {
    assert_eq!(lines(draft(text).mistakes), expected);
}

fn names(law: &Constitution, ids: &[crate::constitution::LayerId]) -> Vec<String> {
    ids.iter().map(|id| law.layer(*id).name.clone()).collect()
}

#[test]
fn the_built_in_law_is_the_one_of_the_model_document() {
    let text = Text::new(BUILT_IN.to_owned());
    let (mut reader, document) = Reader::new(&text, None);
    let root = reader.root(&document);
    let mut law = Constitution::blank();
    add(&mut law, &mut reader, &root, RULES);
    assert_eq!(reader.into_mistakes(), Vec::new());

    let law = Constitution::built_in(RULES);
    assert!(!law.own_layers && !law.strict_layering);
    assert_eq!(law.name, "the built-in WebWaka law");
    assert_eq!(law.structures.len(), 14);
    assert!(law.structures.iter().all(|structure| {
        structure.state == Some(State::Dormant)
            && structure.phase == Some(0)
            && structure.code() != structure.id
            && structure
                .modes
                .as_ref()
                .is_some_and(|modes| modes.len() == 2)
    }));
    let capability = ["organelle", "cell", "tissue", "organ", "system"];
    for (rank, name) in capability.iter().enumerate() {
        let layer = law.layer(law.layer_named(name).expect("built in"));
        assert_eq!(layer.plane, Plane::Capability);
        assert_eq!(names(&law, &layer.may_depend_on), capability[..rank]);
    }
    let below = |name| {
        let layer = law.layer(law.layer_named(name).expect("built in"));
        names(&law, &layer.may_depend_on)
    };
    assert_eq!(below("runtime"), capability);
    assert_eq!(below("federation"), ["runtime"]);
    assert_eq!(below("organism").len(), 8);
    assert_eq!(below("neutral"), Vec::<String>::new());
    // Ranks agree with what may depend on what, so that "above" means one thing.
    for (rank, layer) in law.layers.iter().enumerate() {
        let composes = layer.plane == Plane::Composition;
        assert!(composes || layer.may_depend_on.iter().all(|below| below.0 < rank));
    }
}

#[test]
fn a_law_of_ones_own_holds_what_it_says() {
    let law = law(r#"
extends = "none"
strict-layering = true
[[layer]]
name = "domain"
plane = "capability"
may-depend-on = ["shared"]
allows = ["sqlx"]
[[layer]]
name = "shared"
plane = "neutral"
carries = false
[[confine]]
packages = ["reqwest"]
to = ["domain", "shop-*"]
[[assign]]
layer = "domain"
structure = "ORDERS"
packages = ["shop-domain-*"]
modules = ["shop::domain::**"]
[[structure]]
id = "ORDERS"
state = "ratified"
[engines.ledger]
packages = ["house-ledger"]
[rules.hardcoded-engine]
level = "off"
tests = "breach"
hosts = ["a", "b"]
strict = true
[generated]
packages = ["shop-proto"]
[[exception]]
anything = 1
"#);
    assert!(law.own_layers && law.strict_layering);
    assert_eq!(law.layers.len(), 2);
    assert_eq!(names(&law, &law.layers[0].may_depend_on), ["shared"]);
    assert_eq!(law.layers[0].allows, ["sqlx"]);
    assert!(law.layers[0].carries && !law.layers[1].carries);
    assert_eq!(law.assigns.len(), 1);
    assert_eq!(law.confines[0].to.len(), 2);
    assert_eq!(law.structures[0].state, Some(State::Ratified));
    assert_eq!(law.generated[0].glob.to_string(), "shop-proto");
    let setting = &law.rules["hardcoded-engine"];
    assert_eq!(setting.level, Some(None));
    assert_eq!(setting.options["tests"], OptionValue::Word("breach".into()));
    assert_eq!(setting.options["strict"], OptionValue::Flag(true));
}

#[test]
fn a_built_in_layer_or_structure_named_again_is_extended() {
    let law = law(r#"
[[layer]]
name = "cell"
may-depend-on = ["tools", "organelle"]
[[layer]]
name = "tools"
plane = "neutral"
[[structure]]
id = "RUNTIME-ADAPTER-DATABASE-v0.1.0"
state = "activated"
[[assign]]
layer = "tools"
packages = ["cell-tools"]
"#);
    let cell = law.layer(law.layer_named("cell").expect("built in"));
    assert_eq!(cell.plane, Plane::Capability);
    assert_eq!(names(&law, &cell.may_depend_on), ["organelle", "tools"]);
    assert_eq!(law.structures.len(), 14);
    let database = law.structure_named("RUNTIME-ADAPTER-DATABASE");
    let database = database.expect("built in");
    assert_eq!(database.state, Some(State::Activated));
    assert_eq!(database.phase, None);
    assert_eq!(law.assigns[0].packages[0].glob.to_string(), "cell-tools");
    assert!(law.own_layers);
}

#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    mistaken(
        r#"extend = "webwaka"
strict-layering = "yes"
[[layer]]
name = "domain"
plane = "capabilty"
may-depend-on = ["celll", 3]
[[layer]]
name = "domain"
plane = "neutral"
[[layer]]
name = "a b"
[[layer]]
name = "x"
[[assign]]
layer = "cell"
[[assign]]
packages = ["a/b"]
[[confine]]
packages = []
[[structure]]
id = "A"
state = "asleep"
phase = 7
modes = ["saas"]
[[structure]]
id = "A"
[rules.hardcoded-engin]
[rules.hardcoded-engine]
level = "error"
tests = "all"
host = []
[generated]
package = ["x"]
"#,
        &[
            "1:1 unknown key of a constitution: `extend` (did you mean `extends`?)",
            "2:19 `strict-layering` of a constitution takes `true` or `false` (this is a string)",
            "5:9 unknown plane `capabilty` (did you mean `capability`?)",
            "6:18 unknown layer `celll` (did you mean `cell`?)",
            "6:27 `may-depend-on` of `[[layer]]` takes an array of strings (this is an integer)",
            "8:8 the layer `domain` is written twice (first on line 4)",
            "11:8 `a b` cannot name a layer (letters, digits, `-` and `_` can)",
            "12:1 `[[layer]]` has no `plane` (here)",
            "14:1 this `[[assign]]` selects nothing (here)",
            "16:1 `[[assign]]` has no `layer` (here)",
            "17:15 `a/b` is no glob of `packages` (`/` cannot stand here: no package name holds it)",
            "18:1 `[[confine]]` has no `to` (here)",
            "19:12 `packages` of `[[confine]]` selects nothing (empty)",
            "22:9 unknown state `asleep` (not known)",
            "23:9 `phase` of `[[structure]]` takes a number from 0 to 6 (out of this range)",
            "24:10 unknown mode `saas` (not known)",
            "27:8 unknown rule `hardcoded-engin` (did you mean `hardcoded-engine`?)",
            "29:9 unknown level `error` (not known)",
            "30:9 unknown value of `tests`: `all` (not known)",
            "31:1 unknown key of `[rules.hardcoded-engine]`: `host` (did you mean `hosts`?)",
            "32:1 `[generated]` has no `packages` (here)",
            "33:1 unknown key of `[generated]`: `package` (did you mean `packages`?)",
        ],
    );
}

#[test]
fn tables_of_the_wrong_form_are_mistakes() {
    mistaken(
        "assign = 1\nrules.hardcoded-engine = \"risk\"\n[layer]\nname = \"x\"\n[engines.cache]\n",
        &[
            "1:10 `assign` of a constitution takes tables written `[[assign]]` (this is an integer)",
            "2:26 `hardcoded-engine` of `[rules]` takes a table (this is a string)",
            "3:1 `layer` of a constitution takes tables written `[[layer]]` (this is a table)",
            "5:1 `[engines.cache]` names no engine (here)",
        ],
    );
}

#[test]
fn carries_is_for_neutral_layers() {
    mistaken(
        "[[layer]]\nname = \"cell\"\ncarries = false\n",
        &["3:1 `carries` is for neutral layers, not capability ones (means nothing here)"],
    );
}

#[test]
fn a_law_that_forbids_nothing_is_a_mistake() {
    mistaken("# later\n", &["1:1 the constitution is empty (here)"]);
    mistaken(
        "\n extends = \"none\"\n",
        &["2:2 the constitution has no layer, so it forbids nothing (starts from nothing)"],
    );
    mistaken(
        "extends = \"webwako\"\n",
        &["1:11 unknown value of `extends`: `webwako` (did you mean `webwaka`?)"],
    );
    mistaken("extends = \"webwaka\"\n", &[]);
}

#[test]
fn what_is_no_toml_does_not_hide_the_other_mistakes_nor_make_up_new_ones() {
    let text = "[[layer]]\nname = \"a\nplane = \"neutral\"\n[[assign]]\nlayer = \"a\"\nlevel = 1\n";
    let draft = draft(text);
    assert!(draft.torn);
    let lines = lines(draft.mistakes);
    assert!(
        lines[0].starts_with("2:10 invalid basic string"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("6:1 unknown key of `[[assign]]`: `level`"));
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn a_key_written_twice_is_a_mistake() {
    mistaken(
        "strict-layering = true\nstrict-layering = false\n[rules.hardcoded-engine]\n[rules.hardcoded-engine]\n",
        &[
            "2:1 `strict-layering` is written twice (a second time)",
            "4:8 `hardcoded-engine` is written twice (a second time)",
        ],
    );
}

#[test]
fn a_caret_stands_within_a_glob_and_counts_characters() {
    mistaken(
        "[[assign]]\nlayer = \"cell\"\npaths = [\"ü\", \"ä/**b\", 'c\\d', \"\\u0065/\"]\n",
        &[
            "3:18 `ä/**b` is no glob of `paths` (`**` stands alone between two `/`)",
            "3:26 `c\\d` is no glob of `paths` (`\\` cannot stand here: folders are separated by `/`)",
            "3:31 `e/` is no glob of `paths` (no `/` at the end)",
        ],
    );
}

#[test]
fn hostile_nesting_is_an_error_and_not_an_overflow() {
    let deep = [
        "[".repeat(10_000),
        format!("a = {}", "[".repeat(10_000)),
        format!("a = {}", "{a=".repeat(10_000)),
        format!("a = [[{}]]", "[],".repeat(10_000)),
        format!("{}x = 1", "a.".repeat(10_000)),
        format!("[{}x]", "a.".repeat(10_000)),
    ];
    for text in deep {
        assert_ne!(draft(&text).mistakes, Vec::new());
    }
}

#[test]
fn a_long_line_of_mistakes_is_cut_short() {
    let most = usize::try_from(MOST_BYTES).expect("small");
    let keys: Vec<String> = (0..most / 12).map(|n| format!("k{n} = 1")).collect();
    let hostile = [
        "=".repeat(most),
        format!("generated = {{ {} }}", keys.join(", ")),
        format!("generated.packages = [{}]", "\"/\",".repeat(most / 4)),
        format!("generated.packages = [{}]", "\"a\",".repeat(most / 4)),
    ];
    for text in hostile {
        let count = draft(&text).mistakes.len();
        assert!(count <= 201, "{count} in {}", &text[..20]);
    }
}

#[test]
fn a_manifest_claims_a_layer_and_describes_its_structure() {
    let law = Constitution::built_in(RULES);
    let manifest = r#"[package]
name = "db"
[package.metadata.constitution]
layer = "runtime"
structure = "RUNTIME-ADAPTER-DATABASE"
state = "frozen"
modes = ["multi-tenant-saas"]
"#;
    let claim = claim(&law, manifest).expect("no mistake").expect("a claim");
    let (layer, place) = claim.layer.expect("a layer");
    assert_eq!(law.layer(layer).name, "runtime");
    assert_eq!(place.span.start.to_string(), "4:9");
    assert_eq!(claim.structure.id, "RUNTIME-ADAPTER-DATABASE");
    assert_eq!(claim.structure.state, Some(State::Frozen));
    let other = claim_of(&law, "[package]\nname = \"x\"\nmetadata.docs.x = 1\n");
    assert_eq!(other, Ok(false));
    assert_eq!(claim_of(&law, "[package\n"), Ok(false));
}

#[test]
fn mistakes_of_a_claim_have_carets_too() {
    let law = Constitution::built_in(RULES);
    let manifest =
        "[package.metadata]\nconstitution = { layer = \"sell\", id = \"X\", phase = -1 }\n";
    assert_eq!(
        claim_of(&law, manifest).expect_err("three mistakes"),
        [
            "2:26 unknown layer `sell` (did you mean `cell`?)",
            "2:34 unknown key of `[package.metadata.constitution]`: `id` (not known)",
            "2:52 `phase` of `[package.metadata.constitution]` takes a number from 0 to 6 (out of this range)",
        ]
    );
    let manifest = "[package.metadata]\nconstitution = \"cell\"\n";
    let expected = "2:16 `constitution` of `[package.metadata]` takes a table (this is none)";
    assert_eq!(claim_of(&law, manifest), Err(vec![expected.to_owned()]));
}

fn claim(law: &Constitution, manifest: &str) -> Result<Option<Claim>, Vec<Mistake>> {
    let mut sources = Sources::new(PathBuf::from("/w"));
    let file = sources.add(Path::new("/w/Cargo.toml"));
    Claim::read(law, &Text::new(manifest.to_owned()), file)
}

/// Whether there is a claim, or its mistakes.
fn claim_of(law: &Constitution, manifest: &str) -> Result<bool, Vec<String>> {
    claim(law, manifest)
        .map(|claim| claim.is_some())
        .map_err(lines)
}

/// A folder of this process that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let own = format!("constitution-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(own);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    fn load(&self, file: Option<&Path>) -> Result<Constitution, LawError> {
        let mut sources = Sources::new(self.0.clone());
        Draft::read(&self.0, file, &mut sources, RULES).enact(Vec::new(), &sources)
    }

    fn refusal(&self, file: &Path) -> String {
        let error = self.load(Some(file)).expect_err("a refusal");
        let mistake = error.mistakes().next().expect("a mistake");
        mistake.message.clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_law_at_the_root_is_found_and_the_built_in_one_otherwise() {
    let folder = Folder::new("found");
    let law = folder.load(None).expect("the built-in law");
    assert_eq!(law.name, "the built-in WebWaka law");
    folder.write(
        "constitution.toml",
        b"\xef\xbb\xbfstrict-layering = true\r\n",
    );
    let law = folder.load(None).expect("a law");
    assert_eq!(law.name, "constitution.toml");
    assert!(law.strict_layering);
}

#[test]
fn a_law_that_cannot_be_read_says_why() {
    let folder = Folder::new("unreadable");
    let absent = folder.0.join("absent.toml");
    assert_eq!(
        folder.refusal(&absent),
        "cannot read the constitution `absent.toml`: there is no such file"
    );
    let latin = folder.write("latin.toml", b"a = 1\nb = \"\xe9\"\n");
    assert_eq!(
        folder.refusal(&latin),
        "cannot read the constitution `latin.toml`: it is not UTF-8 from 2:6 on"
    );
    let large = folder.write("large.toml", &vec![b'#'; (1 << 18) + 1]);
    assert!(
        folder
            .refusal(&large)
            .ends_with("it has more than 262144 bytes")
    );
    assert!(folder.refusal(&folder.0).ends_with("it is not a file"));
}

#[cfg(unix)]
#[test]
fn a_dangling_link_does_not_lift_the_law() {
    let folder = Folder::new("dangling");
    let link = folder.0.join("constitution.toml");
    std::os::unix::fs::symlink("nowhere", link).expect("a link");
    let error = folder.load(None).expect_err("a refusal");
    assert_eq!(error.mistakes().count(), 1);
}

#[test]
fn an_error_shows_every_caret_in_every_file() {
    let folder = Folder::new("shown");
    folder.write(
        "constitution.toml",
        "\u{feff}# ü\n[rules]\nü.x = 1\n[[layr]]\n"
            .replace("ü.x", "\"ü\".x")
            .as_bytes(),
    );
    let manifest = "[package.metadata.constitution]\nlayer = \"sell\"\n";
    let path = folder.write("Cargo.toml", manifest.as_bytes());

    let mut sources = Sources::new(folder.0.clone());
    let draft = Draft::read(&folder.0, None, &mut sources, RULES);
    let file = sources.add(&path);
    let text = Text::new(manifest.to_owned());
    let claims = Claim::read(&draft.law, &text, file).expect_err("a mistake");
    let error = draft.enact(claims, &sources).expect_err("mistakes");

    let mut shown = String::new();
    let theme = miette::GraphicalTheme::unicode_nocolor();
    miette::GraphicalReportHandler::new_themed(theme)
        .render_report(&mut shown, &error)
        .expect("a rendering");
    for expected in [
        "the constitution is wrong in 3 places",
        "[constitution.toml:3:1]",
        "unknown rule `ü`",
        "known: `hardcoded-engine`",
        "[constitution.toml:4:3]",
        "did you mean `layer`?",
        "[Cargo.toml:2:9]",
        "did you mean `cell`?",
    ] {
        assert!(shown.contains(expected), "{expected} in:\n{shown}");
    }
}

#[test]
fn an_expectation_stands_somewhere_and_tries_something() {
    mistaken(
        "[[expect]]\nrule = \"hardcoded-engines\"\nlayer = \"sell\"\nsource = \"fn f() {}\"\n\
         [[expect]]\nrule = \"hardcoded-engine\"\n\
         [[expect]]\nlayer = \"cell\"\npackage = \"x\"\ndependencies = []\nlevel = \"off\"\nwhen = 1\n",
        &[
            "2:8 unknown rule `hardcoded-engines` (did you mean `hardcoded-engine`?)",
            "3:9 unknown layer `sell` (did you mean `cell`?)",
            "5:1 this `[[expect]]` tries nothing (here)",
            "5:1 this `[[expect]]` stands nowhere (here)",
            "7:1 `[[expect]]` has no `rule` (here)",
            "7:1 this `[[expect]]` stands in more than one place (here)",
            "11:9 unknown level `off` (not known)",
            "12:1 unknown key of `[[expect]]`: `when` (not known)",
        ],
    );
    let law =
        law("[[expect]]\nrule = \"hardcoded-engine\"\nlayer = \"cell\"\nsource = \"fn f() {}\"\n");
    assert!(law.expects[0].found);
    assert_eq!(law.expects[0].level, Level::Note);
}
