//! Signatures as `ssh-keygen -Y sign` makes them, verified without asking anybody.

use std::fmt;

use ssh_key::{HashAlg, PublicKey, SshSig};

use super::signers::{Signer, Signers};
use super::store::FOLDER;
use crate::provenance::Moment;

/// What a signature is good for. Each has a namespace of its own, so that none can stand for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Exception,
    Baseline,
    Plan,
    Review,
    Lift,
}

impl Act {
    /// As `ssh-keygen -n` takes it.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Exception => "exception@cargo-constitution",
            Self::Baseline => "baseline@cargo-constitution",
            Self::Plan => "plan@cargo-constitution",
            Self::Review => "review@cargo-constitution",
            Self::Lift => "lift@cargo-constitution",
        }
    }

    /// The command that signs the record `name` below `.constitution/`.
    pub(crate) fn command(self, name: &str) -> String {
        let namespace = self.namespace();
        format!("ssh-keygen -Y sign -f KEY -n {namespace} {FOLDER}/{name}")
    }
}

/// Why a signature is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Missing,
    Unreadable(String),
    /// Made for this namespace instead.
    Foreign(String),
    /// Over other bytes.
    Wrong {
        rewritten: bool,
    },
    /// A hardware key that nobody touched.
    Untouched,
    /// By a key of this fingerprint, which nobody is known to have.
    Unknown(String),
    /// By somebody who may not sign this.
    NotAllowed(String),
    /// By a key that was not, or no longer, good at that moment.
    Invalid(String, Moment),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "nobody has signed it"),
            Self::Unreadable(why) => write!(f, "its signature cannot be read ({why})"),
            Self::Foreign(namespace) => write!(
                f,
                "its signature was made for something else (namespace `{namespace}`)"
            ),
            Self::Wrong { rewritten: false } => write!(
                f,
                "its signature is of other bytes: of another record, or of this one before it was changed"
            ),
            Self::Wrong { rewritten: true } => write!(
                f,
                "its signature is of other bytes, and its lines end as Windows ends them: git may have rewritten \
                 it, which `{FOLDER}/** -text` in .gitattributes forbids"
            ),
            Self::Untouched => write!(f, "its signature was made without touching the key"),
            Self::Unknown(key) => write!(
                f,
                "its signature is by a key that {FOLDER}/{} does not know ({key})",
                super::signers::FILE
            ),
            Self::NotAllowed(who) => write!(f, "`{who}` signed it, who may not"),
            Self::Invalid(who, at) => write!(
                f,
                "`{who}` signed it with a key that was not valid on {}",
                at.day()
            ),
        }
    }
}

/// Who signed `bytes` for `act`, as of `at`. The bytes are compared as they are, before anything reads them.
///
/// # Errors
/// If nobody who may has signed them.
pub(crate) fn verify<'s>(
    act: Act,
    bytes: &[u8],
    signature: Option<&[u8]>,
    signers: &'s Signers,
    at: Moment,
) -> Result<&'s Signer, Refusal> {
    let armoured = signature.ok_or(Refusal::Missing)?;
    let unreadable = |error: ssh_key::Error| Refusal::Unreadable(error.to_string());
    let signature = SshSig::from_pem(armoured).map_err(unreadable)?;
    if signature.namespace() != act.namespace() {
        let namespace: String = signature.namespace().chars().take(60).collect();
        return Err(Refusal::Foreign(namespace));
    }
    let key = PublicKey::from(signature.public_key().clone());
    if key.verify(act.namespace(), bytes, &signature).is_err() {
        let rewritten = bytes.windows(2).any(|pair| pair == b"\r\n");
        return Err(Refusal::Wrong { rewritten });
    }
    // The flags follow the signature proper; OpenSSH sets the first one where the key was touched.
    let hardware = signature.public_key().is_sk_ed25519();
    if hardware
        && signature
            .signature_bytes()
            .get(64)
            .is_none_or(|flags| flags & 1 == 0)
    {
        return Err(Refusal::Untouched);
    }
    let mut lines = signers.of(signature.public_key()).peekable();
    let Some(first) = lines.peek() else {
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        return Err(Refusal::Unknown(fingerprint));
    };
    let who = first.principal.clone();
    let mut able = lines
        .filter(|line| line.may_sign(act.namespace()))
        .peekable();
    if able.peek().is_none() {
        return Err(Refusal::NotAllowed(who));
    }
    able.find(|line| line.is_valid(at))
        .ok_or(Refusal::Invalid(who, at))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{key, public, sign};
    use super::*;
    use ssh_key::public::{KeyData, SkEd25519};
    use ssh_key::{Algorithm, LineEnding, Signature, SigningKey};

    const NAMESPACE: &str = "exception@cargo-constitution";

    fn signers(options: &str) -> Signers {
        let text = format!("ada namespaces=\"{NAMESPACE}\"{options} {}\n", public(1));
        let text = format!("{text}bob namespaces=\"x\" {}\n", public(2));
        Signers::parse(text.as_bytes()).expect("they are right")
    }

    fn verified(
        signature: Option<&[u8]>,
        bytes: &[u8],
        signers: &Signers,
    ) -> Result<String, Refusal> {
        let at = Moment::parse("2026-11-23").expect("a day");
        let signer = verify(Act::Exception, bytes, signature, signers, at)?;
        Ok(signer.principal.clone())
    }

    #[test]
    fn only_the_right_key_over_these_bytes_for_this_act_is_taken() {
        let signers = signers("");
        let ask = |signature: &[u8]| verified(Some(signature), b"record", &signers);
        assert_eq!(ask(&sign(1, NAMESPACE, b"record")), Ok("ada".to_owned()));
        assert_eq!(
            ask(&sign(1, NAMESPACE, b"another")),
            Err(Refusal::Wrong { rewritten: false })
        );
        assert_eq!(
            ask(&sign(1, "git", b"record")),
            Err(Refusal::Foreign("git".to_owned()))
        );
        assert_eq!(
            ask(&sign(2, NAMESPACE, b"record")),
            Err(Refusal::NotAllowed("bob".to_owned()))
        );
        let unknown = ask(&sign(3, NAMESPACE, b"record"));
        assert!(matches!(unknown, Err(Refusal::Unknown(_))), "{unknown:?}");
        let torn = ask(b"-----BEGIN SSH SIGNATURE-----\nnone\n");
        assert!(matches!(torn, Err(Refusal::Unreadable(_))), "{torn:?}");
        assert_eq!(verified(None, b"record", &signers), Err(Refusal::Missing));
        let rewritten = verified(Some(&sign(1, NAMESPACE, b"a\n")), b"a\r\n", &signers);
        assert_eq!(rewritten, Err(Refusal::Wrong { rewritten: true }));
    }

    #[test]
    fn a_key_is_good_within_its_time_only() {
        let signature = sign(1, NAMESPACE, b"record");
        let late = signers(",valid-before=\"20261122\"");
        let early = signers(",valid-after=\"20261124\"");
        for signers in [late, early] {
            let refused = verified(Some(&signature), b"record", &signers);
            assert!(matches!(refused, Err(Refusal::Invalid(..))), "{refused:?}");
        }
    }

    /// What a key in hardware signs, made in software: the digest of where it is used, flags, a counter,
    /// and the digest of the message.
    fn hardware(flags: u8, bytes: &[u8]) -> (String, Vec<u8>) {
        let software = key(4);
        let point = *software
            .public_key()
            .key_data()
            .ed25519()
            .expect("its kind");
        let key_data = KeyData::SkEd25519(SkEd25519::new(point, "ssh:"));
        let signed =
            SshSig::signed_data(NAMESPACE, HashAlg::Sha512, bytes).expect("it has a namespace");
        let mut message = HashAlg::Sha256.digest(b"ssh:");
        message.extend([flags, 0, 0, 0, 7]);
        message.extend(HashAlg::Sha256.digest(&signed));
        let mut raw = raw(&software, &message);
        raw.extend([flags, 0, 0, 0, 7]);
        let signature =
            Signature::new(Algorithm::SkEd25519, raw).expect("it is as long as it must be");
        let signature = SshSig::new(key_data.clone(), NAMESPACE, HashAlg::Sha512, signature);
        let pem = signature
            .expect("it has a namespace")
            .to_pem(LineEnding::LF);
        let public = PublicKey::from(key_data)
            .to_openssh()
            .expect("it can be written");
        (public, pem.expect("it can be written").into_bytes())
    }

    fn raw(key: &impl SigningKey, message: &[u8]) -> Vec<u8> {
        let signature = key.try_sign(message).expect("the key signs");
        signature.as_bytes().to_vec()
    }

    #[test]
    fn a_key_in_hardware_signs_where_it_was_touched() {
        let (public, touched) = hardware(1, b"record");
        let text = format!("ada namespaces=\"*@cargo-constitution\" {public}\n");
        let signers = Signers::parse(text.as_bytes()).expect("it is right");
        let ask = |signature: &[u8], bytes| verified(Some(signature), bytes, &signers);
        assert_eq!(ask(&touched, b"record"), Ok("ada".to_owned()));
        assert!(ask(&touched, b"another").is_err());
        let (_, untouched) = hardware(0, b"record");
        assert_eq!(ask(&untouched, b"record"), Err(Refusal::Untouched));
    }
}
