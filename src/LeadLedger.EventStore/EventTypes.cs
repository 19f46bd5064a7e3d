using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeadLedger.EventStore;

/// <summary>The stored alias of every event type, registered by hand: renaming a class never renames what is stored.</summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, EventType> _byAlias;
    private readonly FrozenDictionary<Type, EventType> _byType;

    public EventTypes(IEnumerable<EventType> types)
    {
        var all = types.ToArray();
        _byAlias = all.ToFrozenDictionary(type => type.Alias, StringComparer.Ordinal);
        _byType = all.ToFrozenDictionary(type => type.Json.Type);
    }

    public IReadOnlyCollection<EventType> All => _byAlias.Values;

    public EventType Of(object fact) =>
        _byType.TryGetValue(fact.GetType(), out var type)
            ? type
            : throw new InvalidOperationException($"{fact.GetType().Name} has no stored name; add it to the event names");

    public object Read(string alias, ReadOnlySpan<byte> json) =>
        _byAlias.TryGetValue(alias, out var type)
            ? JsonSerializer.Deserialize(json, type.Json)!
            : throw new InvalidOperationException($"the ledger holds an event of the unknown type '{alias}'");
}

/// <summary>One event type: its alias, and how its data is read and written.</summary>
public sealed record EventType(string Alias, JsonTypeInfo Json)
{
    /// <summary>Marten's type name: full name and assembly. Written for Marten's readers; ours never reads it.</summary>
    public string DotnetType { get; } = $"{Json.Type.FullName}, {Json.Type.Assembly.GetName().Name}";
}
