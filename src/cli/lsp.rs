//! `lsp`: the findings in an editor, as they are on each save; the clause and the way out where one points.

mod place;
mod shown;

use std::collections::BTreeMap;

use clap::Args;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidSaveTextDocument, Notification as _, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{HoverRequest, Request as _};
use lsp_types::{
    HoverParams, HoverProviderCapability, InitializeParams, MessageType, PositionEncodingKind,
    PublishDiagnosticsParams, SaveOptions, ServerCapabilities, ShowMessageParams,
    TextDocumentSyncCapability, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri,
};
use miette::IntoDiagnostic;

use self::place::{Encoding, path_of};
use self::shown::Shown;
use super::standing;
use super::subject::Subject;
use super::{Exit, Invocation, render_error};
use crate::check::{Request as Asked, check};
use crate::finding::Level;
use crate::freeze::records::Records;
use crate::provenance::Moment;
use crate::report::look::Look;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: Subject,
}

/// Speaks the protocol on standard input and output until the editor says goodbye.
pub(crate) fn run(arguments: &Arguments, _: &Invocation) -> miette::Result<Exit> {
    let (connection, threads) = Connection::stdio();
    let mut server = match Server::start(connection, arguments.subject.request())? {
        Some(server) => server,
        None => return Ok(Exit::Lawful),
    };
    server.judge()?;
    let told = server.listen();
    drop(server);
    threads.join().into_diagnostic()?;
    told
}

struct Server {
    connection: Connection,
    asked: Asked,
    encoding: Encoding,
    /// By file as the editor knows it, in their order; files that had findings before stay until they are told that
    /// they have none.
    shown: BTreeMap<String, Shown>,
}

impl Server {
    /// Agrees with the editor on what is spoken; `None` if it hung up instead.
    fn start(connection: Connection, mut asked: Asked) -> miette::Result<Option<Self>> {
        let Ok((id, offered)) = connection.initialize_start() else {
            return Ok(None);
        };
        let offered: InitializeParams = serde_json::from_value(offered).into_diagnostic()?;
        let encoding = Encoding::agreed(&offered);
        if asked.manifest_path.is_none() {
            let folders = offered.workspace_folders.iter().flatten();
            let root = folders.filter_map(|folder| path_of(&folder.uri)).next();
            asked.manifest_path = root.map(|root| root.join("Cargo.toml"));
        }
        let answer = serde_json::json!({
            "capabilities": capabilities(encoding),
            "serverInfo": { "name": "cargo-constitution", "version": env!("CARGO_PKG_VERSION") },
        });
        if connection.initialize_finish(id, answer).is_err() {
            return Ok(None);
        }
        Ok(Some(Self {
            connection,
            asked,
            encoding,
            shown: BTreeMap::new(),
        }))
    }

    fn listen(&mut self) -> miette::Result<Exit> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self
                        .connection
                        .handle_shutdown(&request)
                        .into_diagnostic()?
                    {
                        break;
                    }
                    let answer = self.answer(request);
                    self.send(Message::Response(answer))?;
                }
                Message::Notification(told) if told.method == DidSaveTextDocument::METHOD => {
                    self.judge()?;
                }
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
        Ok(Exit::Lawful)
    }

    fn answer(&self, request: Request) -> Response {
        if request.method != HoverRequest::METHOD {
            let why = format!("`{}` is not spoken here", request.method);
            return Response::new_err(request.id, ErrorCode::MethodNotFound as i32, why);
        }
        match serde_json::from_value::<HoverParams>(request.params) {
            Ok(asked) => {
                let at = asked.text_document_position_params;
                let shown = self.shown.get(at.text_document.uri.as_str());
                Response::new_ok(request.id, shown.and_then(|it| it.hover(at.position)))
            }
            Err(error) => {
                let code = ErrorCode::InvalidParams as i32;
                Response::new_err(request.id, code, error.to_string())
            }
        }
    }

    /// Judges the workspace as it lies in its folder, and tells the editor what changed.
    fn judge(&mut self) -> miette::Result<()> {
        let seen = check(&self.asked).and_then(|(mut outcome, law)| {
            let records = Records::read(&mut outcome.sources)?;
            Ok((outcome, law, records))
        });
        let (outcome, law, records) = match seen {
            Ok(seen) => seen,
            Err(error) => return self.complain(render_error(&error, &Look::PLAIN)),
        };
        let report = outcome.judged.report(Level::Breach, &outcome.sources);
        let report = standing::under(report, &records, &law, Moment::now(), None);
        let mut shown = shown::of(&report, self.encoding);
        for file in self.shown.keys() {
            shown.entry(file.clone()).or_default();
        }
        for (file, one) in &shown {
            let uri: Uri = file.parse().into_diagnostic()?;
            self.notify::<PublishDiagnostics>(PublishDiagnosticsParams {
                uri,
                diagnostics: one.diagnostics.clone(),
                version: None,
            })?;
        }
        shown.retain(|_, one| !one.diagnostics.is_empty());
        self.shown = shown;
        Ok(())
    }

    /// Nothing could be judged: what was shown before stands.
    fn complain(&self, message: String) -> miette::Result<()> {
        self.notify::<ShowMessage>(ShowMessageParams {
            typ: MessageType::ERROR,
            message,
        })
    }

    fn notify<N: lsp_types::notification::Notification>(
        &self,
        what: N::Params,
    ) -> miette::Result<()> {
        let told = Notification::new(N::METHOD.to_owned(), what);
        self.send(Message::Notification(told))
    }

    fn send(&self, message: Message) -> miette::Result<()> {
        self.connection.sender.send(message).into_diagnostic()
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: match encoding {
            Encoding::Utf16 => None,
            Encoding::Utf32 => Some(PositionEncodingKind::UTF32),
        },
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                    include_text: Some(false),
                })),
                ..TextDocumentSyncOptions::default()
            },
        )),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        ..ServerCapabilities::default()
    }
}
