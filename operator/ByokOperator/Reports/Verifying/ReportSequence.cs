using System.Globalization;

namespace ByokOperator.Reports.Verifying;

/// <summary>Whether the reports of one store follow each other. Pure.</summary>
internal static class ReportSequence
{
    private const int Shown = 8; // digits of a chain's id that tell it from another

    /// <param name="reports">Of one object, whose signatures fit.</param>
    public static IEnumerable<ReportFinding> Judge(IReadOnlyList<KeptReport> reports)
    {
        var chains = Chains(reports);
        foreach (var chain in chains)
        {
            foreach (var finding in Within(chain))
            {
                yield return finding;
            }

            if (chain[0].Place.Link.Begins?.After is { } end
                && chains.FirstOrDefault(other => other[0].Place.Link.Id == end.Id) is { } before)
            {
                foreach (var finding in Between(before, end, chain[0]))
                {
                    yield return finding;
                }
            }
        }

        var unannounced = chains.Where(chain => chain[0].Place.Link.Begins is { After: null }).ToList();
        foreach (var second in unannounced.Skip(1))
        {
            yield return Gap(
                $"{StoreOf(second[0])} has a second chain of reports, {Short(second[0])}, that says nothing of the "
                    + "one before: reports in between may be missing");
        }
    }

    /// <summary>A line a chain.</summary>
    public static IEnumerable<string> Tell(IReadOnlyList<KeptReport> reports) => Chains(reports).Select(chain =>
    {
        var (first, last) = (chain[0].Place, chain[^1].Place);
        var begins = first.Link.Begins is { } begin
            ? $"begins: {begin.Reason}{(begin.After is { } end ? $" after report {Number(end.Sequence)} of {end.Id[..Math.Min(Shown, end.Id.Length)]}" : "")}"
            : $"earlier ones are not in the folder";
        return $"{StoreOf(chain[0])}: reports {Number(first.Link.Sequence)} to {Number(last.Link.Sequence)} of "
            + $"{Short(chain[0])}, {first.WrittenAt} to {last.WrittenAt}; {begins}";
    });

    private static IEnumerable<ReportFinding> Within(List<KeptReport> chain)
    {
        for (var index = 1; index < chain.Count; index++)
        {
            var (before, after) = (chain[index - 1], chain[index]);
            var (from, to) = (before.Place.Link.Sequence, after.Place.Link.Sequence);
            if (from == to)
            {
                yield return Gap(
                    $"{before.Name} and {after.Name} both are report {Number(to)} of {StoreOf(after)}: the operator's "
                        + "records were put back to an earlier state, or two operators wrote");
            }
            else if (to > from + 1)
            {
                yield return Gap(
                    $"{StoreOf(after)} lacks {Numbers(from + 1, to - 1)} of {Short(after)}: written, and not in the "
                        + "folder");
            }
            else if (after.Place.Link.Previous != before.Digest)
            {
                yield return Gap(
                    $"{after.Name} follows another report {Number(from)} of {StoreOf(after)} than {before.Name}: the "
                        + "operator's records were put back to an earlier state, or two operators wrote");
            }
        }
    }

    private static IEnumerable<ReportFinding> Between(List<KeptReport> before, ReportLinkEnd end, KeptReport first)
    {
        var last = before[^1].Place.Link.Sequence;
        if (last < end.Sequence)
        {
            yield return Gap(
                $"{StoreOf(first)} lacks {Numbers(last + 1, end.Sequence)} of {Short(before[^1])}, which "
                    + $"{Short(first)} goes on from: written, and not in the folder");
        }
        else if (last > end.Sequence || before[^1].Digest != end.Digest)
        {
            yield return Gap(
                $"{first.Name} goes on from report {Number(end.Sequence)} of {Short(before[^1])}, and that is not the "
                    + "last one of it in the folder: the operator's records were put back to an earlier state, or "
                    + "two operators wrote");
        }
    }

    /// <summary>In the order in which they were begun, as far as that is known; each in the order of its numbers. The
    /// same report kept twice counts once.</summary>
    private static List<List<KeptReport>> Chains(IReadOnlyList<KeptReport> reports) =>
        [.. reports.GroupBy(report => report.Place.Link.Id)
            .Select(chain =>
                chain.DistinctBy(report => (report.Place.Link.Sequence, report.Digest))
                    .OrderBy(report => report.Place.Link.Sequence).ToList())
            .OrderBy(chain => chain[0].Place.WrittenAt, StringComparer.Ordinal)
            .ThenBy(chain => chain[0].Place.Link.Id, StringComparer.Ordinal)];

    private static ReportFinding Gap(string sentence) => new(FindingKind.Gap, sentence);

    private static string StoreOf(KeptReport report) => $"{report.Place.Namespace}/{report.Place.Name}";

    private static string Short(KeptReport report) =>
        $"chain {report.Place.Link.Id[..Math.Min(Shown, report.Place.Link.Id.Length)]}";

    private static string Numbers(long from, long to) =>
        from == to ? $"report {Number(from)}" : $"reports {Number(from)} to {Number(to)}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
