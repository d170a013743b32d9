package com.nocobase.cluster.autoconfigure;

import jakarta.servlet.Filter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.worker.WorkerMode;
import com.nocobase.cluster.worker.web.WorkerWebConfiguration;

/**
 * Requests are refused where the instance serves none.
 */
@AutoConfiguration(after = WorkerAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ Filter.class, FilterRegistrationBean.class })
@ConditionalOnBean(WorkerMode.class)
@Import(WorkerWebConfiguration.class)
public final class ClusterWebAutoConfiguration {

}
