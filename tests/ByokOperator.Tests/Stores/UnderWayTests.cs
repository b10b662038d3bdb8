using ByokOperator.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class UnderWayTests
{
    private static readonly ObjectKey Store = new("acme", "store");

    [Fact]
    public async Task What_hangs_is_cut_short_though_it_minds_no_token()
    {
        var works = new UnderWay(TimeProvider.System);
        var hanging = works.RunAsync(Store, _ => new TaskCompletionSource<int>().Task, CancellationToken.None);
        works.CutShort(new ObjectKey("acme", "another"));
        works.CutShort(Store);
        await Should.ThrowAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task What_is_done_is_not_touched()
    {
        var works = new UnderWay(TimeProvider.System);
        (await works.RunAsync(Store, _ => Task.FromResult(7), CancellationToken.None)).ShouldBe(7);
        works.CutShort(Store);
    }
}
