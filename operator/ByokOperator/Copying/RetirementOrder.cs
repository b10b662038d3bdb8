using Cloud.Stores;

namespace ByokOperator.Copying;

/// <summary>What may be retired, and the run that vouches for it.</summary>
internal sealed record RetirementOrder(SharedRef Source, StoreRef Target, string Fingerprint, int Shards);
