using MaterialProbe;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>Searches a process for secrets: a core dump of it, and its memory,
/// which also holds what a dump leaves out.</summary>
internal static class Searched
{
    /// <param name="control">Stands in the process on purpose in every form:
    /// a search that does not find it proves nothing.</param>
    public static async Task NothingAsync(
        int process, byte[] control, IReadOnlyCollection<byte[]> secrets, ITestOutputHelper output)
    {
        var planted = SecretForms.Of(control);
        IReadOnlyList<byte[]> patterns = [.. planted, .. secrets.SelectMany(SecretForms.Of)];

        // The memory first: taking a dump holds the process still,
        // and one that leads ends when its lease ran out meanwhile.
        Judge("the memory", ProcessMemory.Search(process, patterns));
        using var dump = await CoreDump.TakeAsync(process, CancellationToken.None);
        Judge("the core dump", dump.Search(patterns));

        void Judge(string where, (long Bytes, IReadOnlyList<int> Hits) found)
        {
            output.WriteLine(
                $"{where}: {found.Bytes >> 20} MiB searched for {secrets.Count} secrets in {planted.Count} forms "
                    + $"each: {found.Hits.Skip(planted.Count).Sum()} hits; the control: "
                    + $"{string.Join(' ', found.Hits.Take(planted.Count))}");
            found.Hits.Take(planted.Count)
                .ShouldAllBe(count => count > 0, $"the search of {where} does not find what is there on purpose");
            found.Hits.Skip(planted.Count).Sum().ShouldBe(0, where);
        }
    }
}
