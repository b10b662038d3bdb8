using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Reports.Pages;
using ByokOperator.Reports.Signing;

namespace ByokOperator.Reports.Verifying;

/// <summary>A report in a folder, whose signature fits.</summary>
/// <param name="Name">Of its file, without the ending.</param>
/// <param name="Digest">Of what was signed.</param>
/// <param name="KeyId">What signed it.</param>
internal sealed record KeptReport(string Name, ReportPlace Place, string Digest, string KeyId)
{
    public const string TextEnding = ".json";
    public const string SignatureEnding = ".jws";

    /// <summary>What the two files of a report are called: by nothing that a stranger could have chosen.</summary>
    public static string NameOf(ReportPlace place) =>
        FormattableString.Invariant($"{place.Namespace}.{place.Name}.{place.Link.Id}.{place.Link.Sequence:D8}");

    /// <summary>What is wrong with one report, or the report.</summary>
    /// <param name="name">Of the file, without the ending.</param>
    /// <param name="text">Null where it is missing.</param>
    /// <param name="signature">Null where it is missing.</param>
    /// <param name="keys">Public halves by id.</param>
    public static (KeptReport? Report, ReportFinding? Finding) Judge(
        string name, byte[]? text, string? signature, IReadOnlyDictionary<string, ReportKey> keys)
    {
        if (text is null)
        {
            return Found(FindingKind.MissingFile,
                $"{name}{SignatureEnding} signs a report that is missing: {name}{TextEnding} is not in the folder");
        }

        var version = VersionOf(text);
        if (signature is null)
        {
            return version is { IsSigned: false }
                ? Found(FindingKind.OtherSchema,
                    $"{name}{TextEnding} is of an operator that did not sign reports: nothing vouches for it")
                : Found(FindingKind.MissingFile,
                    $"{name}{TextEnding} has no signature: {name}{SignatureEnding} is not in the folder");
        }

        if (ReportSignature.KeyIdOf(signature) is not { } keyId)
        {
            return Found(FindingKind.Edited,
                $"{name}{SignatureEnding} is no signature of a report: take the file from another copy");
        }

        if (!keys.TryGetValue(keyId, out var key))
        {
            return Found(FindingKind.OtherKey,
                $"{name}{TextEnding} is signed with the key {keyId}, which is none of those that were given: ask the "
                    + "platform whose it is");
        }

        if (SignedPart(key, signature, text) is not { } signed)
        {
            return Found(FindingKind.Edited,
                $"{name}{TextEnding} was edited: the signature does not fit what stands there. Take the file from "
                    + "another copy, such as the notification sink's");
        }

        return version is not { Version: EncryptionReport.CurrentVersion }
            || SignedReport.Place(Encoding.UTF8.GetString(signed)) is not { } place
            ? Found(FindingKind.OtherSchema,
                $"{name}{TextEnding} is a report '{version?.Version ?? "without a version"}', and this program reads "
                    + $"{EncryptionReport.CurrentVersion}: verify it with the program of its time")
            : (new KeptReport(name, place, ReportSignature.DigestOf(signed), keyId), null);
    }

    /// <summary>Editors and shells end a file with a line break: that is no edit.</summary>
    private static byte[]? SignedPart(ReportKey key, string signature, byte[] text)
    {
        if (ReportSignature.Fits(key, signature, text))
        {
            return text;
        }

        var trimmed = text.AsSpan().TrimEnd("\r\n"u8);
        return trimmed.Length < text.Length && ReportSignature.Fits(key, signature, trimmed) ? trimmed.ToArray() : null;
    }

    private static (string? Version, bool IsSigned)? VersionOf(byte[] text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject report
                ? (ReportReading.TextOf(report["reportVersion"]), report.ContainsKey("chain"))
                : null;
        }
        catch (Exception none) when (none is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static (KeptReport? Report, ReportFinding? Finding) Found(FindingKind kind, string sentence) =>
        (null, new ReportFinding(kind, sentence));
}
