using System.IO.Compression;
using System.Text;
using ByokOperator.Records;

namespace ByokOperator.Reports.Signing;

/// <summary>A report as a record can hold it for the moments between signing and showing it: compressed,
/// in base64.</summary>
internal static class PackedReport
{
    /// <summary>A report of so many bytes fits into a record however badly it is compressed.</summary>
    public const int SurelyFits = 140 * 1024;

    public static bool Fits(string packed) => packed.Length <= ReportRecord.MaxPending;

    public static string Pack(ReadOnlySpan<byte> report)
    {
        using var packed = new MemoryStream();
        using (var into = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            into.Write(report);
        }

        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>Of what <see cref="Pack"/> made; a report is never longer than a ConfigMap.</summary>
    public static string Unpack(string packed)
    {
        using var from = new ZLibStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        var text = new byte[ReportBuilder.MaxBytes];
        return Encoding.UTF8.GetString(text.AsSpan(0, from.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)));
    }
}
