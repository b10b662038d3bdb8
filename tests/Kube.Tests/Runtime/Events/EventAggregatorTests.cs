using k8s.Models;
using Kube.Runtime.Events;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Events;

public sealed class EventSeriesBookTests
{
    private readonly EventAggregator book;
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int names;

    public EventSeriesBookTests() => book = new EventAggregator(() => $"{++names}");

    [Fact]
    public void The_first_remark_is_an_event()
    {
        var created = Hear(About("a", "Closed")).ShouldBeOfType<EventWrite.Create>();
        created.Event.ToString().ShouldBe("n/a.1");
    }

    [Fact]
    public void The_same_again_makes_it_a_series_and_further_ones_are_counted_in_silence()
    {
        Hear(About("a", "Closed"));
        Hear(About("a", "Closed")).ShouldBeOfType<EventWrite.Update>().Count.ShouldBe(2);
        for (var i = 0; i < 50; i++)
        {
            Hear(About("a", "Closed")).ShouldBeNull();
        }

        now += EventAggregator.UpdateEvery;
        Hear(About("a", "Closed")).ShouldBeOfType<EventWrite.Update>().Count.ShouldBe(53);
    }

    [Fact]
    public void What_was_counted_in_silence_is_told_in_the_end()
    {
        Hear(About("a", "Closed"));
        Hear(About("a", "Closed"));
        Hear(About("a", "Closed"));
        book.Due(now).ShouldBeEmpty();
        now += EventAggregator.UpdateEvery;
        book.Due(now).ShouldHaveSingleItem().ShouldBeOfType<EventWrite.Update>().Count.ShouldBe(3);
        book.Due(now).ShouldBeEmpty();
    }

    [Fact]
    public void Other_objects_reasons_and_notes_are_other_events()
    {
        Hear(About("a", "Closed"));
        Hear(About("b", "Closed")).ShouldBeOfType<EventWrite.Create>();
        Hear(About("a", "Opened")).ShouldBeOfType<EventWrite.Create>();
        Hear(About("a", "Closed") with { Note = "other" }).ShouldBeOfType<EventWrite.Create>();
    }

    [Fact]
    public void After_a_long_silence_it_is_news_again()
    {
        Hear(About("a", "Closed"));
        now += EventAggregator.SeriesEnd;
        Hear(About("a", "Closed")).ShouldBeOfType<EventWrite.Create>();
    }

    [Fact]
    public void An_object_that_says_too_much_is_cut_short_and_the_others_are_not()
    {
        var heard = Enumerable.Range(0, 100).Count(i => Hear(About("a", $"Reason{i}")) is not null);
        heard.ShouldBe(EventAggregator.Burst);
        Hear(About("b", "Closed")).ShouldNotBeNull();
        now += EventAggregator.RefillEvery;
        Hear(About("a", "Later")).ShouldNotBeNull();
        Hear(About("a", "Later still")).ShouldBeNull();
    }

    [Fact]
    public void The_book_has_an_end()
    {
        for (var i = 0; i < EventAggregator.MostSeries + 10; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            Hear(About($"o{i}", "Closed"));
        }

        Hear(About("o0", "Closed")).ShouldBeOfType<EventWrite.Create>("the oldest was forgotten");
        Hear(About($"o{EventAggregator.MostSeries}", "Closed")).ShouldBeOfType<EventWrite.Update>();
    }

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly ten", 11, "exactly ten")]
    [InlineData("cut here", 3, "cut")]
    [InlineData("äöü", 3, "ä")]
    [InlineData("a😀b", 4, "a")]
    public void A_note_is_cut_between_characters(string note, int bytes, string cut) =>
        EventRecorder.CutToBytes(note, bytes).ShouldBe(cut);

    private EventWrite? Hear(EventRequest remark) => book.Hear(remark, now);

    private static EventRequest About(string name, string reason) =>
        new(new V1ObjectReference { Kind = "Thing", NamespaceProperty = "n", Name = name, Uid = name },
            IsWarning: false, reason, "Look", "note");
}
