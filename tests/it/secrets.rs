//! A credential in a literal is never repeated: not by its own finding, nor by one beside it, nor with the rule off.

use crate::fixture::Workspace;
use crate::support::tool;

const TEXT: &str = "
//- crate:ledger layer:cell
fn log(it: &str) {
    std::fs::read(it); let url = \"postgres://app:hunter2@db/orders\";
    let several = concat!(
        \"amqp://app:\",
        \"hunter2\",
        \"@mq/orders\",
    );
    std::fs::read(\"x\");
    connect(common::URL);
}
//- crate:common layer:neutral
pub const URL: &str = \"redis://app:hunter2@cache/0\";
";

#[test]
fn no_format_repeats_a_credential() {
    for off in [false, true] {
        let workspace = Workspace::parse(TEXT).expect("a workspace");
        let folder = workspace.unfold();
        if off {
            let law = "[rules.hardcoded-secret]\nlevel = \"off\"\n";
            std::fs::write(folder.path().join("constitution.toml"), law).expect("a law");
        }
        for format in ["human", "short", "json"] {
            let run = tool(folder.path())
                .args(["check", "--format", format])
                .run();
            assert_eq!(run.code, 1, "{}", run.stderr);
            assert!(run.stdout.contains("lib.rs"), "{}", run.stdout);
            for said in [&run.stdout, &run.stderr] {
                assert!(!said.contains("hunter2"), "{format}, off: {off}\n{said}");
            }
        }
    }
}
