//! One order of a certificate (RFC 8555, section 7.4).

use anyhow::{Context, bail};
use instant_acme::{
    Account, AuthorizationStatus, ChallengeStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus,
    RetryPolicy,
};

use super::{AcmeDomain, Challenges};

/// A certificate and its key, both PEM.
pub(super) struct Issued {
    pub chain: String,
    pub key: String,
}

/// Orders a certificate for `domains`, and shows in this way that they are ours.
pub(super) async fn place(
    account: &Account,
    domains: &[AcmeDomain],
    way: ChallengeType,
    challenges: &Challenges,
) -> anyhow::Result<Issued> {
    let identifiers: Vec<_> =
        domains.iter().map(|domain| Identifier::Dns(domain.as_str().to_owned())).collect();
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    answer(&mut order, &way, challenges).await?;
    let status = order.poll_ready(&RetryPolicy::default()).await?;
    if status != OrderStatus::Ready {
        let reason = objection(&mut order).await;
        bail!("{}", reason.unwrap_or_else(|| format!("the order is {status:?}")));
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&RetryPolicy::default()).await?;
    Ok(Issued { chain, key })
}

async fn answer(order: &mut Order, way: &ChallengeType, challenges: &Challenges) -> anyhow::Result<()> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            other => bail!("a name is {other:?}"),
        }
        let domain = authorization.identifier().to_string();
        let mut challenge =
            authorization.challenge(way.clone()).with_context(|| format!("not offered for {domain}"))?;
        challenges.prepare(&domain, &challenge)?;
        challenge.set_ready().await?;
    }
    Ok(())
}

/// What the authority says was wrong.
async fn objection(order: &mut Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.ok()?;
        let state = authorization.refresh().await.ok()?;
        let failed = state.challenges.iter().find(|challenge| challenge.status == ChallengeStatus::Invalid);
        if let Some(error) = failed.and_then(|challenge| challenge.error.as_ref()) {
            return Some(error.to_string());
        }
    }
    None
}
