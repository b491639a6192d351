//! Hands letters in at the mail server, and tries again while that is away.

use std::fmt;
use std::time::Duration;

use anyhow::Context;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{Letter, MailSettings};

/// Pauses before the letter is handed in again.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(25)];
/// How long the mail server has for each of its answers, and for all of them.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
const DONE_WITHIN: Duration = Duration::from_secs(30);

/// Sends letters.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a letter was not sent. Shows neither addresses nor secrets, which answers of mail servers may repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// There is no such server, it did not answer, or the connection broke.
    Unreachable,
    /// It cannot be spoken to in confidence.
    NotEncrypted,
    /// It refused, with this code.
    Refused(u16),
    /// The letter cannot be written.
    Impossible,
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("the mail server does not answer"),
            Self::NotEncrypted => f.write_str("no encrypted connection to the mail server"),
            Self::Refused(code) => write!(f, "the mail server refuses it with {code}"),
            Self::Impossible => f.write_str("it cannot be written"),
        }
    }
}

impl NotSent {
    /// Whether it may go better later. Refusals below 500 are temporary (RFC 5321, section 4.2.1).
    fn may_pass(self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Refused(code) => code < 500,
            Self::NotEncrypted | Self::Impossible => false,
        }
    }
}

impl From<SmtpError> for NotSent {
    fn from(error: SmtpError) -> Self {
        match error.status() {
            Some(code) => Self::Refused(u16::from(code)),
            None if error.is_tls() => Self::NotEncrypted,
            None if error.is_client() => Self::Impossible,
            None => Self::Unreachable,
        }
    }
}

/// Says that a program wrote it, so that no other one answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// Connects when something is sent. Greets as the host of `site`, the address of the page.
    ///
    /// # Errors
    /// The address of the mail server cannot be used.
    pub fn new(settings: &MailSettings, site: &str) -> anyhow::Result<Self> {
        let host = site.parse::<url::Url>().context("the address of the page is none")?;
        let host = host.host_str().unwrap_or("localhost").to_owned();
        let transport = settings.transport()?.timeout(Some(ANSWERS_WITHIN));
        let transport = transport.hello_name(ClientId::Domain(host)).build();
        Ok(Self { transport, from: settings.from.clone() })
    }

    /// Sends a letter. Takes a minute or two while the mail server is away.
    ///
    /// # Errors
    /// Why it was not sent in the end.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        // Once for all tries: a letter that was sent twice has one id.
        let message = self.message(letter).map_err(|_| NotSent::Impossible)?;
        patiently(PAUSES, || async {
            let sent = timeout(DONE_WITHIN, self.transport.send(message.clone())).await;
            sent.map_err(|_| NotSent::Unreachable)?.map(drop).map_err(NotSent::from)
        })
        .await
    }

    fn message(&self, letter: &Letter) -> Result<Message, lettre::error::Error> {
        let id = format!("<{}@{}>", Uuid::new_v4().simple(), self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, letter.to.address().clone()))
            .subject(&letter.subject)
            .date_now()
            .message_id(Some(id))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
    }
}

/// Tries until it succeeds, cannot succeed, or all pauses are over.
async fn patiently<F: Future<Output = Result<(), NotSent>>>(
    pauses: [Duration; 3],
    mut attempt: impl FnMut() -> F,
) -> Result<(), NotSent> {
    for pause in pauses {
        match attempt().await {
            Err(why) if why.may_pass() => sleep(pause).await,
            done => return done,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail_address::MailAddress;

    #[tokio::test]
    async fn what_may_pass_is_tried_four_times() {
        let tried = async |answers: &[Result<(), NotSent>]| {
            let mut answers = answers.iter();
            let done = patiently([Duration::ZERO; 3], || std::future::ready(*answers.next().unwrap())).await;
            (done, answers.len())
        };
        let (away, busy) = (Err(NotSent::Unreachable), Err(NotSent::Refused(451)));
        assert_eq!(tried(&[away, busy, away, away]).await, (away, 0));
        assert_eq!(tried(&[away, Ok(()), away]).await, (Ok(()), 1));
        for hopeless in [Err(NotSent::Refused(550)), Err(NotSent::NotEncrypted), Err(NotSent::Impossible)] {
            assert_eq!(tried(&[hopeless, Ok(())]).await, (hopeless, 1));
        }
    }

    #[tokio::test]
    async fn a_letter_is_plain_text_with_the_headers_that_belong_to_it() {
        let url = "smtps://user:secret@mail.example".parse().unwrap();
        let settings = MailSettings::new(url, "広場 <chat@chat.example>").unwrap();
        let mailer = Mailer::new(&settings, "https://chat.example").unwrap();
        let letter = Letter {
            to: MailAddress::parse("hanako@example.jp").unwrap(),
            subject: "a\r\nBcc: all@example.jp".to_owned(),
            text: "こんにちは\nBcc: all@example.jp\n.\n".to_owned(),
        };
        let text = String::from_utf8(mailer.message(&letter).unwrap().formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
        ];
        assert_eq!(names, expected, "{head}");
        assert!(
            head.contains("To: hanako@example.jp") && head.contains("text/plain; charset=utf-8"),
            "{head}"
        );
        assert!(head.contains("Auto-Submitted: auto-generated") && head.contains("@chat.example>"), "{head}");
    }
}
