"""Which names are one body's, and which body is part of which."""

from __future__ import annotations

import pytest

from nlp.between.agencies import agency_of, parent_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青屿县人民政府", "青屿县"),
        ("青屿县人民政府", "青屿县政府"),
        ("青屿县人民政府", "青嶼縣人民政府"),
        ("青屿县人民政府", " 青屿县 人民政府"),
        ("江苏省南京市财政局", "南京市财政局"),
        ("清源市住房和城乡建设局", "清源市住建局"),
        ("岭湖县市场监督管理局", "岭湖县市场监管局"),
        ("云榆区人民政府望桥街道办事处", "云榆区望桥街道"),
        ("柏陵经济技术开发区管理委员会", "柏陵经济技术开发区管委会"),
        ("沔川市发展和改革委员会（沔川市粮食和物资储备局）", "沔川市发展改革委"),
    ],
)
def test_one_body_under_two_names(one: str, other: str) -> None:
    first, second = agency_of(one), agency_of(other)
    assert first is not None
    assert second is not None
    assert first.key == second.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青屿县人民政府", "青屿县人民政府办公室"),
        ("江苏省财政厅", "江苏省南京市财政局"),
        ("江苏省市场监督管理局", "市场监督管理局"),
        ("呼和浩特市和林县人民政府", "呼和浩特市林县人民政府"),
        ("青屿县财政局", "青屿县财政局（本级）"),
    ],
)
def test_two_bodies(one: str, other: str) -> None:
    first, second = agency_of(one), agency_of(other)
    assert first is not None
    assert second is None or first.key != second.key


@pytest.mark.parametrize(
    "name",
    [None, "", "县教育局", "市财政局", "财政局", "人民政府", "城市管理局", "住房和城乡建设局",
     "自治区科技厅", "高新技术产业开发区管委会", "社区服务中心"],
)  # fmt: skip
def test_a_name_without_a_place_is_nobody(name: str | None) -> None:
    assert agency_of(name) is None


def test_the_nearest_government_is_the_parent() -> None:
    governments = {"江苏省", "南京市", "南京市鼓楼区"}

    def parent(name: str) -> str | None:
        agency = agency_of(name)
        assert agency is not None
        return parent_of(agency, governments)

    assert parent("江苏省南京市鼓楼区财政局") == "南京市鼓楼区"
    assert parent("南京市鼓楼区人民政府") == "南京市"
    assert parent("江苏省财政厅") == "江苏省"
    assert parent("南京市人民政府") is None
