using System.Text.Json.Serialization.Metadata;

namespace ByokOperator.Records;

/// <summary>
/// What the operator has to know of an object although the object, its namespace or its status may be gone or wrong.
/// Small, typed, and never about anything that could be looked up elsewhere. A new field is nullable or has a default,
/// and a line in <see cref="Faults"/> that bounds it.
/// </summary>
internal interface IRecord<TSelf>
    where TSelf : class, IRecord<TSelf>
{
    /// <summary>First part of the ConfigMap's name and value of its label.</summary>
    static abstract string Kind { get; }

    /// <summary>Looks read it in the watch. One that only acts need is read live, by <see cref="RecordWriter"/>,
    /// and costs no memory.</summary>
    static virtual bool IsWatched => true;

    static abstract JsonTypeInfo<TSelf> Json { get; }

    /// <summary>An empty one. It need not be valid: what is edited into it has to be.</summary>
    static abstract TSelf New(RecordOwner owner);

    RecordOwner Owner { get; }

    /// <summary>What records of the kind are listed by; set once, and never believed.</summary>
    IReadOnlyDictionary<string, string> Labels => new Dictionary<string, string>();

    /// <summary>What is wrong with it, judged as a spec is; empty means valid.
    /// Asked before a record is believed and before one is written.</summary>
    IEnumerable<string> Faults();
}
