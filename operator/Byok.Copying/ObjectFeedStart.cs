namespace Byok.Copying;

/// <summary>Where a feed begins.</summary>
/// <param name="AfterKey">The checkpoint; null at the very beginning.</param>
/// <param name="Previous">The run to carry entries over from; null in a bulk run.</param>
/// <param name="Looks">For how many keys the target is looked at.</param>
internal sealed record ObjectFeedStart(string? AfterKey, ShardDone? Previous, int Looks);
