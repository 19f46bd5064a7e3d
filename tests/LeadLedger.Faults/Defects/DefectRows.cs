namespace LeadLedger.Faults.Defects;

/// <summary>
/// The tests of the service that see each planted defect, as <c>class.method</c> with a star at the end for what follows. The run shows whether
/// each line is true: green without a defect, red with it.
/// </summary>
public static class DefectRows
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["ack-before-commit"] =
            ["LedgerWriterTests.A_connection_that_dies_before_the_commit*", "LostCommitTests.While_the_database_stays_away*"],
        ["blind-replay-on-unknown"] = ["LostCommitTests.Everybody_in_a_batch*"],
        ["breaker-ignored"] = ["BreakerTests.A_provider_in_trouble_pauses*"],
        ["callbacks-go-back"] = ["TextDeliveryTests.Status_callbacks_in_any_order*"],
        ["caps-ignored"] = ["TextCapTests.An_hour_later*", "TextMarkTests.One_reason_alone*"],
        ["fire-early"] = ["LadderTests.An_unclaimed_task_climbs*", "TextDeliveryTests.A_retry_after_thirty_seconds*"],
        ["forgotten-receipts"] = ["LedgerWriterTests.A_delivery_seen_before*", "SimultaneityTests.Fifty_identical*"],
        ["held-flushed-without-decision"] = ["BreakerTests.What_is_too_late_at_recovery*"],
        ["lease-without-fence"] = ["TextDeliveryTests.A_worker_that_slept*"],
        ["no-consent-recheck-at-mark"] =
            ["TextDeliveryTests.A_retry_asks_for_permission*", "TextDeliveryTests.An_opt_out_after_the_claim*", "TextMarkTests.One_reason_alone*"],
        ["no-inbox-key"] = ["SimultaneityTests.Fifty_identical*"],
        ["no-token-settlement"] = ["TextDeliveryTests.The_status_callback_settles*"],
        ["projection-outside-transaction"] = ["LedgerWriterTests.Where_a_view_cannot_be_written*"],
        ["release-not-required"] = ["SendingLockTests.After_a_restore*", "SendingLockTests.A_replica_promoted*"],
        ["resend-after-lease"] = ["SettlementTests.A_call_whose_worker_died*"],
        ["resend-if-absent-from-list"] = ["SettlementTests.A_text_that_was_never_taken*"],
        ["resend-on-server-error"] = ["TextDeliveryTests.An_answer_that_proves_nothing*"],
        ["resend-on-timeout"] = ["TextDeliveryTests.A_call_that_hangs*", "TextDeliveryTests.An_answer_that_proves_nothing*"],
        ["safe-start-skipped"] = ["SafeStartTests.*"],
        ["send-without-mark"] = ["HeldScopeTests.A_hold_that_comes_between*", "TextDeliveryTests.A_worker_that_slept*"],
        ["spool-drain-skipped"] = ["DatabaseAwayTests.A_stop_that_is_kept*"],
        ["spool-ignores-checksum"] = ["SpoolFormatTests.*", "WebhookSpoolTests.A_damaged_record*"],
        ["spool-without-fsync"] = ["WebhookSpoolTests.What_is_answered_as_kept*"],
        ["sweep-without-dedupe"] = ["SweepTests.A_webhook_that_comes_after*", "SweepTests.What_came_by_itself*"],
        ["unconfirmed-untold"] = ["SettlementTests.A_text_that_was_never_taken*", "TextDeliveryTests.An_answer_that_proves_nothing*"],
        ["unsorted-gate-rows"] = ["LedgerWriterTests.Contact_points_are_locked_in_one_order*"],
        ["validity-past-window"] = ["TextMarkTests.Whenever_it_leaves*", "TextMarkTests.With_less_than_a_minute*"],
    };
}
