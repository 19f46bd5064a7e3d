namespace LeadLedger.EventStore;

/// <summary>
/// Keeps the planner on the indexes, for statements that touch a few rows of tables that grow. A plan made while a table was small is kept, and would
/// otherwise read the whole table when it has grown. Set for one transaction only, so that a transaction pooler can sit in between.
/// </summary>
internal static class PlannerSettings
{
    /// <summary>Columns of a select that comes first in the transaction.</summary>
    public const string Columns =
        """
        set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true),
        set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true), set_config('enable_material', 'off', true)
        """;
}
