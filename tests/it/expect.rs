//! Self-tests of the law: told again from the cache, and told where they cannot be read.

use crate::fixture::Workspace;
use crate::support::tool;

const SHOP: &str = r#"//- crate:cell-shop
//- constitution.toml
[[expect]]
rule = "engine-reference"
layer = "cell"
source = """
fn f() {}
fn g( {}
"""

[[expect]]
rule = "engine-reference"
layer = "cell"
source = "use std::fs::read;"
level = "breach"
"#;

#[test]
fn what_fails_is_told_in_every_run() {
    let shop = Workspace::parse(SHOP).expect("it is a fixture");
    let folder = shop.unfold();
    let short = || {
        tool(folder.path())
            .args(["check", "--format", "short"])
            .run()
    };
    let first = short();
    assert_eq!(first.code, 1, "{}", first.stderr);
    assert_eq!(first.stdout.lines().count(), 1, "{}", first.stdout);
    assert!(
        first.stdout.starts_with("constitution.toml:1:1: breach"),
        "{}",
        first.stdout
    );
    assert!(
        first.stdout.contains("its source cannot be read (line 2)"),
        "{}",
        first.stdout
    );
    assert_eq!(short().stdout, first.stdout);
    let law = folder.path().join("constitution.toml");
    let mut text = shop.files["constitution.toml"].replace("fn g( {}", "use std::net::TcpStream;");
    text.push_str("\n[rules.engine-reference]\nlevel = \"risk\"\n");
    std::fs::write(&law, text).expect("it can be written");
    let third = short();
    assert!(
        third.stdout.starts_with("constitution.toml:9:1: breach"),
        "{}",
        third.stdout
    );
    assert!(
        third.stdout.contains("it is a risk only"),
        "{}",
        third.stdout
    );
}
