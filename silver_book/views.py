"""The practice matrix: which practices belong to a process step and an area of work."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.models import ProcessStep
from silver_book.blocks import PracticeElement
from silver_book.matrix import cell, matrix


@require_safe
def practice_matrix(request):
    """Five process steps × the areas of work; each number is the length of its list."""
    return render(request, "silver_book/matrix.html", matrix(request))


@require_safe
def practice_cell(request, step: str, element: str):
    """The sections of one field, and the stories they name. 'all' stands for every one."""
    if step not in (*ProcessStep.values, "all") or element not in (*PracticeElement.values, "all"):
        raise Http404
    return render(request, "silver_book/matrix_cell.html", cell(request, step, element))
