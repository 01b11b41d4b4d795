//! Keys that are the same in every run, for the tests of signatures.

use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

/// A key made of one number.
pub(super) fn key(number: u8) -> PrivateKey {
    let pair = Ed25519Keypair::from_seed(&[number; 32]);
    PrivateKey::new(KeypairData::Ed25519(pair), "").expect("a key of one's own")
}

/// The key as a line of `allowed_signers` ends.
pub(super) fn public(number: u8) -> String {
    let text = key(number).public_key().to_openssh();
    text.expect("a key can be written").trim().to_owned()
}

/// What `ssh-keygen -Y sign` would write.
pub(super) fn sign(number: u8, namespace: &str, bytes: &[u8]) -> Vec<u8> {
    let signature = key(number).sign(namespace, HashAlg::Sha512, bytes);
    let text = signature.expect("the key signs").to_pem(LineEnding::LF);
    text.expect("a signature can be written").into_bytes()
}
