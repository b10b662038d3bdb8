namespace ByokOperator.Places;

/// <summary>
/// Written ahead of the first switch of readers, in the target: from here on the target may hold newer data than the
/// source, so nothing may be copied again. The binding can't tell that, for closing takes it away.
/// </summary>
/// <param name="Receipt">Digest of the receipt that the switch was made on.</param>
internal sealed record ServedMark(string Receipt, DateTimeOffset At);
