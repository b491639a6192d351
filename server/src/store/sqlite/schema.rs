//! The tables, as the migrations make them.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::connections::Connections;
use super::sequences::SequenceAllocator;

/// Every migration since the first release, in order. Released migrations are never edited.
pub(super) fn migrations() -> Migrator {
    const FILES: [(i64, &str, &str); 17] = [
        (1, "log", include_str!("migrations/0001_log.sql")),
        (2, "life", include_str!("migrations/0002_life.sql")),
        (3, "ages", include_str!("migrations/0003_ages.sql")),
        (4, "people", include_str!("migrations/0004_people.sql")),
        (5, "accounts", include_str!("migrations/0005_accounts.sql")),
        (6, "devices", include_str!("migrations/0006_devices.sql")),
        (7, "entrance", include_str!("migrations/0007_entrance.sql")),
        (8, "names", include_str!("migrations/0008_names.sql")),
        (9, "departures", include_str!("migrations/0009_departures.sql")),
        (10, "mail", include_str!("migrations/0010_mail.sql")),
        (11, "profiles", include_str!("migrations/0011_profiles.sql")),
        (12, "doors", include_str!("migrations/0012_doors.sql")),
        (13, "direct", include_str!("migrations/0013_direct.sql")),
        (14, "moderation", include_str!("migrations/0014_moderation.sql")),
        (15, "preferences", include_str!("migrations/0015_preferences.sql")),
        (16, "reports", include_str!("migrations/0016_reports.sql")),
        (17, "room_links", include_str!("migrations/0017_room_links.sql")),
    ];
    let migrations = FILES.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into())
}

/// Brings the tables of an older release up to date.
pub(super) async fn migrate(writer: &Connections) -> anyhow::Result<()> {
    let mut connection = writer.take().await?;
    // `run` cannot be used inside a task on a connection that is not from a pool.
    migrations().run_direct(None, &mut *connection, false).await?;
    // Fails now if the end of the log cannot be read: every write continues from it.
    SequenceAllocator::default().commits(&mut connection).await?;
    connection.keep();
    Ok(())
}
