"""Addresses of the book beside its pages, all below the language prefix."""

from django.urls import path

from silver_book import views

urlpatterns = [
    path("practices/", views.practice_matrix, name="practice_matrix"),
    path("practices/<str:step>/<str:element>/", views.practice_cell, name="practice_cell"),
    path("desk/book/", views.book_desk, name="book_desk"),
    path("desk/book/<int:pk>/", views.book_publish, name="book_publish"),
    path("desk/book/compared/<int:pk>/", views.book_settle, name="book_settle"),
]
