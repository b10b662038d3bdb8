using System.Globalization;

namespace Kube.Runtime.Informers;

/// <summary>
/// Resource versions of one kind, compared as the numbers they are (KEP-5504). One that is no number is equal to any
/// other: whoever asks then neither waits nor skips because of it.
/// </summary>
internal static class Versions
{
    public static int Compare(string? one, string? other) =>
        TryParse(one, out var first) && TryParse(other, out var second) ? first.CompareTo(second) : 0;

    public static bool TryParse(string? version, out UInt128 number) =>
        UInt128.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
