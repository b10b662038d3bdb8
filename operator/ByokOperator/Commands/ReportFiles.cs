using System.Text;
using System.Text.RegularExpressions;
using ByokOperator.Reports.Signing;
using ByokOperator.Reports.Verifying;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>Reports and their signatures as files of one folder.</summary>
internal static partial class ReportFiles
{
    /// <summary>A ConfigMap holds half of it.</summary>
    private const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Keeps one beside those that are there; none is ever written over.</summary>
    /// <param name="store">Whose it must be: a report is named after what it says of itself,
    /// and that is somebody's text.</param>
    /// <returns>Null; else why it was not kept.</returns>
    public static async Task<string?> KeepAsync(
        string folder, ObjectKey store, SignedReport report, CancellationToken cancellation)
    {
        if (report.Signature is not { Length: > 0 } signature || SignedReport.Place(report.Text) is not { } place
            || (place.Namespace, place.Name) != (store.Namespace, store.Name) || !ChainId().IsMatch(place.Link.Id))
        {
            return $"the report of {store} is not signed, or is another's, and was not kept: annotate the store with "
                + "byok.dev/report-at";
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, KeptReport.NameOf(place));
        return await WriteAsync(path + KeptReport.TextEnding, report.Text, cancellation)
            ?? await WriteAsync(path + KeptReport.SignatureEnding, signature, cancellation);
    }

    /// <summary>What stands in a folder, by name.</summary>
    /// <exception cref="BadInputException">There is no such folder, or something in it is no report.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(
        string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new BadInputException(
                $"there is no folder '{Printable.Of(folder)}': give the one that reports were kept in");
        }

        var files = new Dictionary<string, byte[]>();
        foreach (var path in Directory.EnumerateFiles(folder).Where(IsOfReports))
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new BadInputException(
                    $"{Printable.Of(path)} is too long for a report: take it out of the folder");
            }

            files[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path, cancellation);
        }

        return files;
    }

    private static bool IsOfReports(string path) =>
        path.EndsWith(KeptReport.TextEnding, StringComparison.Ordinal)
            || path.EndsWith(KeptReport.SignatureEnding, StringComparison.Ordinal);

    private static async Task<string?> WriteAsync(string path, string text, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            var begun = $"{path}.{Guid.NewGuid():N}";
            await File.WriteAllTextAsync(begun, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                cancellation);
            File.Move(begun, path, overwrite: true);
            return null;
        }

        // Of one report there may be two signatures, both right.
        return path.EndsWith(KeptReport.SignatureEnding, StringComparison.Ordinal)
            || await File.ReadAllTextAsync(path, cancellation) == text
            ? null
            : $"{Printable.Of(path)} is there already and says something else: keep reports of another cluster in "
                + "another folder";
    }

    [GeneratedRegex(@"^[0-9a-f]{16,64}\z")]
    private static partial Regex ChainId();
}
