using Byok.Import;
using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class ImportObjectsTests
{
    [Fact]
    public void What_imports_make_bears_the_labels_of_the_operators_own_children()
    {
        ImportObjects.LabelsFor("import").ShouldBe(Children.LabelsFor("import"));
        ImportObjects.FieldManager.ShouldBe(Children.FieldManager);
    }

    [Fact]
    public void A_selector_asks_for_exactly_the_labels_that_are_set() =>
        ImportObjects.SelectorOf("import").Split(',').Order(StringComparer.Ordinal).ShouldBe(
            ImportObjects.LabelsFor("import").Select(label => $"{label.Key}={label.Value}")
                .Order(StringComparer.Ordinal));
}
