namespace Cloud.Calling;

/// <summary>The calls of one operation in the order they ended. Safe to fill from calls side by side.</summary>
internal sealed class Evidence
{
    private readonly List<CallRecord> records = [];

    public void Add(CallRecord record)
    {
        lock (records)
        {
            records.Add(record);
        }
    }

    public IReadOnlyList<CallRecord> ToList()
    {
        lock (records)
        {
            return [.. records];
        }
    }
}
