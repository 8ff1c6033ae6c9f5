//! Text with a time and a signature behind it, as itsdangerous's `TimestampSigner` writes and reads
//! it: `text.time.signature`, an HMAC with SHA-1 under a key that is derived from the secret.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};

/// What keeps these signatures apart from others under the same secret.
const SALT: &str = "itsdangerous.Signer";

/// What makes the signing key of the secret.
const DERIVATION: &str = "signer";

/// Signs texts, and finds out whether it has signed one.
#[derive(Clone)]
pub struct Signer {
    mac: Hmac<Sha1>,
}

impl Signer {
    /// A signer with this secret.
    pub fn new(secret: &str) -> Self {
        let key = Sha1::digest(format!("{SALT}{DERIVATION}{secret}"));
        let mac = Hmac::new_from_slice(&key).expect("an HMAC takes keys of any length");
        Self { mac }
    }

    /// The text with the time, in seconds since 1970, and the signature of both.
    pub fn sign(&self, text: &str, now: u64) -> String {
        let bytes = now.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let signed = format!("{text}.{}", URL_SAFE_NO_PAD.encode(&bytes[zeros..]));
        let signature = self.mac.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The text that was signed, if it was, neither in the future nor longer ago than `max_age`.
    pub fn unsign<'t>(
        &self,
        signed: &'t str,
        max_age: Option<Duration>,
        now: u64,
    ) -> Option<&'t str> {
        let (signed, signature) = signed.rsplit_once('.')?;
        let signature = decode(&standard(signature))?;
        self.mac.clone().chain_update(signed).verify_slice(&signature).ok()?;
        let (text, time) = signed.rsplit_once('.')?;
        let time = number(&decode(&standard(time))?)?;
        let fresh =
            |max_age: Duration| now.checked_sub(time).is_some_and(|a| a <= max_age.as_secs());
        max_age.is_none_or(fresh).then_some(text)
    }
}

/// Text in the alphabet for URLs in the standard one, padded.
fn standard(text: &str) -> String {
    let text = text.replace('-', "+").replace('_', "/");
    let missing = text.len().next_multiple_of(4) - text.len();
    text + &"=".repeat(missing)
}

/// Python's `base64.b64decode`: characters outside of the alphabet do not count, and a padding that
/// is complete ends the text.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut sextets, mut pads) = (Vec::new(), 0_u32, 0, 0);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if sextets >= 2 => {
                pads += 1;
                if sextets + pads >= 4 {
                    return Some(bytes);
                }
                continue;
            }
            _ => continue,
        };
        pads = 0;
        bits = bits << 6 | u32::from(value);
        if sextets > 0 {
            let [.., byte] = (bits >> (6 - 2 * sextets)).to_be_bytes();
            bytes.push(byte);
        }
        sextets = (sextets + 1) % 4;
    }
    (sextets == 0).then_some(bytes)
}

/// A number of at most eight bytes, the first the most significant.
fn number(bytes: &[u8]) -> Option<u64> {
    let mut number = [0; 8];
    number.get_mut(8_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    Some(u64::from_be_bytes(number))
}
