//! An editor: it opens a workspace, saves a file, points at a place, and says goodbye.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::fixture::Workspace;

const WORKSPACE: &str = r#"
//- crate:cell-orders deps:shop-common
pub fn first(store: &shop_common::Store) {}
//- crate:shop-common deps:sqlx layer:neutral
pub use sqlx::PgPool as Store;
"#;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Editor {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    asked: u64,
}

impl Editor {
    fn open(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-constitution"))
            .args(["lsp", "--no-cache"])
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let to = child.stdin.take().expect("it is piped");
        let out = child.stdout.take().expect("it is piped");
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            while let Some(message) = received(&mut out) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut editor = Self {
            child,
            to,
            from,
            asked: 0,
        };
        let uri = format!("file://{}", folder.display());
        let answer = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": {},
                "workspaceFolders": [{ "uri": uri, "name": "shop" }],
            }),
        );
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it listens");
        self.to.flush().expect("it listens");
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.hear();
            if message["id"] == id {
                return message.get("result").unwrap_or(&message["error"]).clone();
            }
        }
    }

    fn hear(&mut self) -> Value {
        self.from.recv_timeout(PATIENCE).expect("it speaks")
    }

    /// What it shows of a file next.
    fn shown(&mut self, file: &str) -> Vec<Value> {
        loop {
            let message = self.hear();
            let uri = message["params"]["uri"].as_str().unwrap_or_default();
            if message["method"] == "textDocument/publishDiagnostics" && uri.ends_with(file) {
                let list = message["params"]["diagnostics"].as_array();
                return list.expect("a list").clone();
            }
        }
    }

    fn close(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}");
    }
}

fn received(out: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(text) => length = text.parse().ok()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut text = vec![0; length];
    out.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[test]
fn an_editor_shows_a_breach_with_its_chain_and_forgets_it_when_it_is_mended() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("a shop");
    for (path, text) in Workspace::parse(WORKSPACE).expect("a fixture").files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it is ours");
        fs::write(path, text).expect("it is ours");
    }
    let mut editor = Editor::open(&place.path().join("a%20shop"));
    let shown = editor.shown("cell-orders/src/lib.rs");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0]["code"], "engine-reference");
    assert_eq!(shown[0]["severity"], 1);
    let start = &shown[0]["range"]["start"];
    assert_eq!(
        (start["line"].as_u64(), start["character"].as_u64()),
        (Some(0), Some(21))
    );
    let related = shown[0]["relatedInformation"].as_array().expect("a list");
    let address = related[0]["location"]["uri"].as_str().expect("an address");
    assert!(
        address.ends_with("a%20shop/crates/shop-common/src/lib.rs"),
        "{related:?}"
    );

    let file = folder.join("crates/cell-orders/src/lib.rs");
    let uri = format!(
        "file://{}/a%20shop/crates/cell-orders/src/lib.rs",
        place.path().display()
    );
    let at = |character: u64| json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": character } });
    let hover = editor.ask("textDocument/hover", at(24));
    let said = hover["contents"]["value"].as_str().expect("a text");
    assert!(
        said.contains("clause VIII.1") && said.contains("constitution explain"),
        "{said}"
    );
    assert_eq!(editor.ask("textDocument/hover", at(2)), Value::Null);
    let refused = editor.ask("textDocument/rename", at(2));
    assert_eq!(refused["code"], -32601);

    fs::write(&file, "pub fn first() {}\n").expect("it is ours");
    editor.tell(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert!(editor.shown("cell-orders/src/lib.rs").is_empty());
    editor.close();
}
