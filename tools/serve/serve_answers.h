/* SPDX-License-Identifier: MIT */
/* The answers of the routes. Each fills request->answer. */
#ifndef SERVE_ANSWERS_H
#define SERVE_ANSWERS_H

#include "neardup/document.h"

struct serve_request;

void serve_answer_page(struct serve_request *request, ndup_text body);
void serve_answer_openapi(struct serve_request *request, ndup_text body);
void serve_answer_check(struct serve_request *request, ndup_text body);
void serve_answer_add(struct serve_request *request, ndup_text body);
void serve_answer_check_and_add(struct serve_request *request, ndup_text body);
void serve_answer_document(struct serve_request *request, ndup_text body);
void serve_answer_remove(struct serve_request *request, ndup_text body);
void serve_answer_stats(struct serve_request *request, ndup_text body);
void serve_answer_health(struct serve_request *request, ndup_text body);
void serve_answer_metrics(struct serve_request *request, ndup_text body);

#endif
