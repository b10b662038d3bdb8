namespace ByokOperator.Records;

/// <summary>
/// The last closing of a store that was seen to be done, and its end. On record, so that nobody's copy of a status, nor
/// a restart, makes it begin or end anew.
/// </summary>
/// <param name="ClosedAt">When the store was first seen shut.</param>
/// <param name="ReopenedAt">When it was first seen to serve again; null while it is closed.</param>
internal sealed record StoreClosure(DateTimeOffset ClosedAt, DateTimeOffset? ReopenedAt = null);
