//! `check --certificate`: what was checked and with what outcome, for others to verify.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use miette::IntoDiagnostic;

use super::{desk, output};
use crate::freeze::certificate::{envelope, statement};
use crate::freeze::ledger::Deed;
use crate::freeze::records::Records;
use crate::freeze::store::FOLDER;
use crate::provenance::{Moment, Provenance};
use crate::report::Report;
use crate::text::relative;

#[derive(Debug, Args)]
pub(crate) struct Certified {
    /// Write a certificate of this check, whatever its verdict: an in-toto statement with a SLSA verification
    /// summary. A file that is there is never replaced
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Sign the certificate as a DSSE envelope with this OpenSSH private key: Ed25519, without a passphrase
    #[arg(long, value_name = "KEY", requires = "certificate")]
    certificate_key: Option<PathBuf>,
}

impl Certified {
    /// Writes the certificate if one was asked for; one under `.constitution/` is entered into the ledger.
    pub(crate) fn write(
        &self,
        report: &Report<'_>,
        records: &Records,
        law: &str,
        now: Moment,
    ) -> miette::Result<()> {
        let Some(file) = &self.certificate else {
            return Ok(());
        };
        if fs::symlink_metadata(file).is_ok() {
            miette::bail!(
                help =
                    "a certificate stays as it is; a correction is a new one, in a file of its own",
                "`{}` is there already",
                file.display()
            );
        }
        let from = Provenance::read(report.sources, law);
        let mut text = statement(report, &from, now);
        if let Some(path) = &self.certificate_key {
            let told = |why: String| {
                miette::miette!(
                    help = "leave --certificate-key out, and sign the file with `ssh-keygen -Y sign -f KEY -n \
                            certificate@cargo-constitution FILE`",
                    "cannot sign with the key `{}`: {why}",
                    path.display()
                )
            };
            let key = fs::read(path).map_err(|error| told(error.to_string()))?;
            text = envelope(&text, &key).map_err(told)?;
        }
        output::write(&[(file, text.clone().into_bytes())])?;
        let root = report.sources.root();
        let path = std::path::absolute(file).into_diagnostic()?;
        if path.starts_with(root.join(FOLDER)) {
            let name = relative(&root.join(FOLDER), &path);
            desk::enter(
                root,
                records,
                Deed::Certificate,
                &name,
                text.as_bytes(),
                now,
            )?;
        }
        Ok(())
    }
}
