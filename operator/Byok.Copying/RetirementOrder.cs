using Cloud.Stores;

namespace Byok.Copying;

/// <summary>What may be retired, and the run that vouches for it.</summary>
public sealed record RetirementOrder(SharedRef Source, StoreRef Target, string Fingerprint, int Shards);
