using System.Text.Json.Nodes;

namespace Cloud.Aws.Keys;

/// <summary>What each statement of the required key policy is for, for the tenant's own people. Pure.</summary>
internal static class KeyPolicyPurposes
{
    private static readonly Dictionary<string, string> Purposes = new()
    {
        [KeyPolicyDocument.Administration] =
            "Your own account keeps full control of the key. Replace it by what your administrators need, if you have "
                + "a policy of your own.",
        [KeyPolicyDocument.Look] =
            "The platform may ask whether the key is enabled and which material it holds. Without it a rotation is "
                + "not noticed.",
        [KeyPolicyDocument.Proof] =
            "The platform proves, at every probe, that the key still works: it decrypts a sample that holds nothing "
                + "of yours. The encryption context binds the proof to "
            + "you: the platform can't prove this key for another of its tenants.",
        [KeyPolicyDocument.Use] =
            "Your data is encrypted and decrypted through S3 in this region, in your own buckets at the platform, and "
                + "nowhere else. Take this statement away, or disable "
            + "the key, and nobody reads your data any more, whether the platform helps or not.",
        [KeyPolicyDocument.Change] =
            "The platform puts objects that stand in your buckets under another key of yours, or under this one, "
                + "where they are, when you change keys. Through S3 in this region alone.",
    };

    /// <param name="policy">As <see cref="KeyPolicyDocument.For"/> wrote it.</param>
    public static string Explain(string policy) => string.Concat(
        JsonNode.Parse(policy)!["Statement"]!.AsArray().Select(statement => (string)statement!["Sid"]!)
            .Select(sid => $"{sid}: {Purposes[sid]}\n"));
}
