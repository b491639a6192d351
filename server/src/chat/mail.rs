//! Mail to the owners of accounts. A request only leaves a job: how long it takes tells nothing of what it found.

use std::sync::Arc;
use std::time::Duration;

use shared::account::{ConfirmedMail, LinkSecret};
use shared::{Password, UserId, UserName};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::Chat;
use super::accounts::whole;
use super::mail_rates::{MailRates, Occasion};
use crate::accounts::{Confirmed, Principal, Reachable, Refusal};
use crate::error::Error;
use crate::mail::{Letter, Mailer};
use crate::mail_address::MailAddress;

/// Jobs that wait; whoever comes when there are more is told that the server is busy.
const WAITING: usize = 256;
/// How long a stop waits for what is being sent.
const GOODBYE_WITHIN: Duration = Duration::from_secs(1);

/// Something to find out and to write.
pub(super) enum Job {
    /// Somebody forgot the password of the account that they call this.
    Forgotten(String),
    /// An account wants an address, which this link confirms.
    Confirm { user: UserId, name: UserName, mail: MailAddress, url: String },
    /// An account does not have this address any more.
    Former { name: UserName, mail: MailAddress },
}

/// Where jobs are left.
pub(super) struct Post {
    /// `None`: there is no mail server.
    jobs: Option<mpsc::Sender<Job>>,
    rates: MailRates,
}

/// The other end, for [`run`].
pub(super) struct Letters {
    mailer: Arc<Mailer>,
    jobs: mpsc::Receiver<Job>,
}

impl Post {
    /// Opens the queue if there is a mail server.
    pub(super) fn open(mailer: Option<Arc<Mailer>>, rate_limits: bool) -> (Self, Option<Letters>) {
        let rates = MailRates::new(rate_limits);
        let Some(mailer) = mailer else { return (Self { jobs: None, rates }, None) };
        let (sender, jobs) = mpsc::channel(WAITING);
        (Self { jobs: Some(sender), rates }, Some(Letters { mailer, jobs }))
    }

    /// Whether the server sends mail at all.
    pub(super) fn is_on(&self) -> bool {
        self.jobs.is_some()
    }

    /// A place for one job.
    fn place(&self) -> Result<mpsc::Permit<'_, Job>, Error> {
        self.jobs.as_ref().ok_or(Refusal::NoMail)?.try_reserve().map_err(|_| Error::Busy)
    }
}

impl Chat {
    /// Has a link for a new password mailed to the owner of the account that somebody calls `account`, if there is such an
    /// account and it has a mail address. Which of these is so cannot be told from the answer or from its time.
    ///
    /// # Errors
    /// The server sends no mail, or too much mail waits already.
    pub fn forgotten_password(&self, account: String) -> Result<(), Error> {
        self.mail.place()?.send(Job::Forgotten(account));
        Ok(())
    }

    /// Has a link mailed to an address that somebody wants for their account, or, if another account has it, a sentence about
    /// that; the answer is the same.
    ///
    /// # Errors
    /// The password is wrong, the server sends no mail, too much of it waits or was sent already, or the store cannot be used.
    pub async fn ask_for_mail(
        self: &Arc<Self>,
        principal: Principal,
        mail: MailAddress,
        password: Password,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            if !chat.mail.is_on() {
                return Err(Refusal::NoMail.into());
            }
            let proved = chat.accounts.prove(&principal, password).await?;
            let place = chat.mail.place()?;
            let user = principal.user.id;
            let counted = chat.mail.rates.take(Occasion::Confirmation(user), Instant::now());
            counted.map_err(Error::rate_limited)?;
            let url = chat.accounts.confirmation(user, &proved, mail.clone(), chat.present()).await?;
            place.send(Job::Confirm { user, name: principal.user.name, mail, url });
            Ok(())
        })
        .await
    }

    /// Takes the mail address from an account, also one that waits, and tells the address.
    ///
    /// # Errors
    /// The password is wrong, or the store cannot be used.
    pub async fn remove_mail(
        self: &Arc<Self>,
        principal: Principal,
        password: Password,
    ) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let proved = chat.accounts.prove(&principal, password).await?;
            if let Some(Reachable { name, mail, .. }) = chat.accounts.remove_mail(&principal, &proved).await?
            {
                chat.tell_former(name, mail);
            }
            Ok(())
        })
        .await
    }

    /// Uses a link that confirms a mail address, and tells the address that the account had before.
    ///
    /// # Errors
    /// The link has ended, or the store cannot be used.
    pub async fn confirm_mail(self: &Arc<Self>, link: LinkSecret) -> Result<ConfirmedMail, Error> {
        let chat = self.clone();
        whole(async move {
            let Confirmed { now, former } = chat.accounts.confirm_mail(&link, chat.present()).await?;
            if let Some(mail) = former {
                chat.tell_former(now.name.clone(), mail);
            }
            Ok(ConfirmedMail { name: now.name, mail: now.mail.as_str().to_owned() })
        })
        .await
    }

    fn tell_former(&self, name: UserName, mail: MailAddress) {
        match self.mail.place() {
            Ok(place) => place.send(Job::Former { name, mail }),
            Err(Error::Busy) => tracing::warn!("too much mail waits: a former address was not told"),
            // There is no mail server any more.
            Err(_) => {}
        }
    }

    /// What a job comes to; `None`: nothing is to be sent.
    async fn letter(&self, job: Job) -> Result<Option<Letter>, Error> {
        let site = self.accounts.site();
        match job {
            Job::Forgotten(account) => {
                let Some(to) = self.accounts.meant_by(&account).await? else { return Ok(None) };
                if self.mail.rates.take(Occasion::NewPassword(to.user), Instant::now()).is_err() {
                    return Ok(None);
                }
                let url = self.accounts.mailed_reset(&to, self.present()).await?;
                Ok(url.map(|url| Letter::new_password(to.mail, site, to.name.as_str(), &url)))
            }
            Job::Confirm { user, name, mail, url } => {
                if self.mail.rates.take(Occasion::Address(mail.key()), Instant::now()).is_err() {
                    return Ok(None);
                }
                Ok(Some(match self.accounts.other_with(&mail, user).await? {
                    Some(other) => Letter::in_use(mail, site, other.as_str()),
                    None => Letter::confirmation(mail, site, name.as_str(), &url),
                }))
            }
            Job::Former { name, mail } => Ok(Some(Letter::former(mail, site, name.as_str()))),
        }
    }
}

/// Writes and sends, one letter after the other, until the server stops; then what still waits, as far as
/// [`finish`] lets it.
pub(super) async fn run(chat: Arc<Chat>, Letters { mailer, mut jobs }: Letters) {
    let mut is_open = true;
    loop {
        let job = tokio::select! {
            job = jobs.recv() => job,
            () = chat.stopping(), if is_open => {
                is_open = false;
                jobs.close();
                continue;
            }
        };
        let Some(job) = job else { return };
        match chat.letter(job).await {
            Ok(None) => {}
            Ok(Some(letter)) => {
                if let Err(why) = mailer.send(&letter).await {
                    tracing::warn!("a mail was not sent: {why}");
                }
            }
            Err(error) => tracing::warn!(%error, "a mail was not written"),
        }
    }
}

/// Waits a moment for what is being sent, then gives it up.
pub(super) async fn finish(letters: Option<JoinHandle<()>>) {
    let Some(mut letters) = letters else { return };
    if timeout(GOODBYE_WITHIN, &mut letters).await.is_err() {
        letters.abort();
    }
}
