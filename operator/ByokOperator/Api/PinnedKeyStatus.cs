namespace ByokOperator.Api;

/// <summary>A key that objects of a store stand under.</summary>
/// <param name="Name">Of its TenantEncryptionKey.</param>
/// <param name="Id">The full id of the key in its service.</param>
public sealed record PinnedKeyStatus(string Name, string Id);
