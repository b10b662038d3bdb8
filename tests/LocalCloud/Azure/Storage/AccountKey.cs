using System.Security.Cryptography;

namespace LocalCloud.Azure.Storage;

/// <summary>One of an account's two shared keys.</summary>
internal sealed record AccountKey(string Name, byte[] Value, DateTimeOffset Created)
{
    public const int Length = 64;

    public static AccountKey New(string name, DateTimeOffset now) =>
        new(name, RandomNumberGenerator.GetBytes(Length), now);
}
