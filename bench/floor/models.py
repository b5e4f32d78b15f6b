"""A question with its choices, and the answers given."""

from django.db import models


class Question(models.Model):
    stem = models.TextField()


class Choice(models.Model):
    question = models.ForeignKey(Question, models.CASCADE)
    text = models.TextField()


class Answer(models.Model):
    choice = models.IntegerField()
    answered_at = models.DateTimeField()
