using System.Globalization;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;
using Npgsql;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>What the indexes that only the pages read by cost the intake of calls: stretches with and without them, in turn.</summary>
public static class IndexCost
{
    private const int Connections = 32;

    private const string PagesOnlySql =
        """
        select indexname, indexdef from pg_indexes
        where indexname in (
            'mt_doc_leadview_idx_waiting', 'mt_doc_leadview_idx_kind', 'mt_doc_leadview_idx_opted_out', 'mt_doc_leadview_idx_hangup', 'mt_doc_leadview_idx_test',
            'mt_doc_leadview_idx_urgent', 'mt_doc_leadview_idx_task', 'outbox_of_lead', 'outbox_for_somebody', 'outbox_not_done')
        """;

    public static async Task RunAsync(NpgsqlDataSource database, ServiceProcess service, int seconds, Func<byte[]> call)
    {
        var indexes = await ReadAsync(database);
        Console.WriteLine($"\nIngestion at {Connections} connections with and without {indexes.Count} indexes that only the pages need, {seconds} s each");
        await LoadClient.RunAsync(service.Port, Connections, 3, _ => call());
        var rates = new Dictionary<bool, List<double>> { [false] = [], [true] = [] };
        foreach (var isThere in new[] { true, false, true, false, true, false, true })
        {
            if (!isThere || rates[true].Count > 0)
            {
                foreach (var (name, definition) in indexes)
                {
                    await using var command = database.CreateCommand(isThere ? definition : $"drop index {name}");
                    command.CommandTimeout = 600;
                    await command.ExecuteNonQueryAsync();
                }
            }

            rates[isThere].Add((await LoadClient.RunAsync(service.Port, Connections, seconds, _ => call())).PerSecond);
        }

        var ratios = rates[false].Select((rate, n) => (rates[true][n] + rates[true][n + 1]) / 2 / rate).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"with {string.Join(", ", rates[true].Select(rate => rate.ToString("F0", CultureInfo.InvariantCulture)))}; without {string.Join(", ", rates[false].Select(rate => rate.ToString("F0", CultureInfo.InvariantCulture)))} calls/s; with to without {ratios.Average():F3}"));
    }

    private static async Task<List<(string Name, string Definition)>> ReadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(PagesOnlySql);
        await using var reader = await command.ExecuteReaderAsync();
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        }

        return indexes;
    }
}
