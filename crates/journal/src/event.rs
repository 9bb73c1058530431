//! The catalogue of events: everything the journal can say, and nothing else.
//!
//! A name never changes and is never used for something else: it is in leaves that outlive us.
//! A new event is a line here and four sentences in `locales/`; a test asks for both.

use std::fmt;
use std::str::FromStr;

macro_rules! events {
    ($($variant:ident = $name:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Event {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Event {
            /// The whole catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in the journal: `access.handover_started`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

events! {
    StructureOpened = "structure.opened",
    StructureCapped = "structure.capped",
    StructureSuspended = "structure.suspended",
    StructureClosed = "structure.closed",
    AidantInvited = "aidant.invited",
    AidantActivated = "aidant.activated",
    AidantSuspended = "aidant.suspended",
    AidantRemoved = "aidant.removed",
    AidantInvitationWithdrawn = "aidant.invitation_withdrawn",
    AidantReferentNamed = "aidant.referent_named",
    AidantReferentEnded = "aidant.referent_ended",
    AidantStructureSwitched = "aidant.structure_switched",
    CharterAccepted = "charter.accepted",
    AuthLogin = "auth.login",
    AuthLoginFailed = "auth.login_failed",
    AuthLogout = "auth.logout",
    AuthStepup = "auth.stepup",
    AuthTotpEnrolled = "auth.totp_enrolled",
    AuthTotpReset = "auth.totp_reset",
    AuthRecoverySheetPrinted = "auth.recovery_sheet_printed",
    AuthFcLinked = "auth.fc_linked",
    AuthFcUnlinked = "auth.fc_unlinked",
    AuthFcRefusedDelegated = "auth.fc_refused_delegated",
    MandateDrafted = "mandate.drafted",
    MandatePresented = "mandate.presented",
    MandateRefused = "mandate.refused",
    MandateAbandoned = "mandate.abandoned",
    MandateSigned = "mandate.signed",
    MandateActivated = "mandate.activated",
    MandateScanAdded = "mandate.scan_added",
    MandateRenewed = "mandate.renewed",
    MandateSuperseded = "mandate.superseded",
    MandatePowerRevoked = "mandate.power_revoked",
    MandateRevokedByUsager = "mandate.revoked_by_usager",
    MandateRenounced = "mandate.renounced",
    MandateSuspended = "mandate.suspended",
    MandateResumed = "mandate.resumed",
    MandateExpired = "mandate.expired",
    MandateEnded = "mandate.ended",
    MandateDocumentViewed = "mandate.document_viewed",
    MandatePrinted = "mandate.printed",
    AccountCreated = "account.created",
    AccountDeletedByError = "account.deleted_by_error",
    AccountDisabled = "account.disabled",
    AccountRestored = "account.restored",
    AccountClosed = "account.closed",
    AccountDestroyed = "account.destroyed",
    AccountImported = "account.imported",
    AccessHandoverStarted = "access.handover_started",
    AccessHandoverCompleted = "access.handover_completed",
    AccessHandoverExpired = "access.handover_expired",
    AccessHandoverCancelled = "access.handover_cancelled",
    AccessRecoveredAlone = "access.recovered_alone",
    AccessPasswordChanged = "access.password_changed",
    AccessAppPasswordCreated = "access.app_password_created",
    AccessAppPasswordRevoked = "access.app_password_revoked",
    AccessForwardingSet = "access.forwarding_set",
    AccessForwardingRemoved = "access.forwarding_removed",
    PhoneVerified = "phone.verified",
    PhoneChanged = "phone.changed",
    PresenceStarted = "presence.started",
    PresenceEnded = "presence.ended",
    TakeoverHeld = "takeover.held",
    TakeoverApproved = "takeover.approved",
    TakeoverDenied = "takeover.denied",
    SmsSent = "sms.sent",
    SmsFailed = "sms.failed",
    RecordViewed = "record.viewed",
    RecordSearched = "record.searched",
    DocumentDeposited = "document.deposited",
    ShareCreated = "share.created",
    ShareOpened = "share.opened",
    ShareRevoked = "share.revoked",
    ExportRequested = "export.requested",
    ExportDelivered = "export.delivered",
    AnnouncementPublished = "announcement.published",
    AnnouncementWithdrawn = "announcement.withdrawn",
    ConfigChanged = "config.changed",
    KeyRotated = "key.rotated",
    BackupRestored = "backup.restored",
    IncidentOpened = "incident.opened",
    JournalReviewed = "journal.reviewed",
    JournalReviewWithdrawn = "journal.review_withdrawn",
    JournalReasonAsked = "journal.reason_asked",
    JournalReasonGiven = "journal.reason_given",
    JournalExported = "journal.exported",
    JournalCheckpoint = "journal.checkpoint",
    AlertRaised = "alert.raised",
    AlertClosed = "alert.closed",
    RetentionPurged = "retention.purged",
    RetentionKeyDestroyed = "retention.key_destroyed",
}

impl fmt::Display for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// This is not the name of an event of this version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoSuchEvent;

impl fmt::Display for NoSuchEvent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not the name of an event")
    }
}

impl std::error::Error for NoSuchEvent {}

impl FromStr for Event {
    type Err = NoSuchEvent;

    fn from_str(name: &str) -> Result<Self, NoSuchEvent> {
        Self::ALL.iter().copied().find(|event| event.as_str() == name).ok_or(NoSuchEvent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::is_keyword;

    #[test]
    fn names_come_back_and_are_keywords_of_a_family() {
        assert_eq!(Event::ALL.len(), 91);
        for &event in Event::ALL {
            assert_eq!(event.as_str().parse(), Ok(event));
            assert!(is_keyword(event.as_str()) && event.as_str().matches('.').count() == 1, "{event}");
        }
        assert_eq!("access.handover".parse::<Event>(), Err(NoSuchEvent));
    }
}
