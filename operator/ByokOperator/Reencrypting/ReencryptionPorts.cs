using Cloud.Objects;

namespace ByokOperator.Reencrypting;

/// <summary>What the worker uses of a cloud.</summary>
internal sealed record ReencryptionPorts(IObjectData Objects, IObjectEncryption Encryption);
